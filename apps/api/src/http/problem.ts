import type { Problem, ProblemCode } from '@loom/api-types';
import {
  DependencyUnavailableError,
  DomainError,
  InvalidInputsError,
  InvalidRequestError,
  PayloadTooLargeError,
  RunConflictError,
  escapePointer,
  type FieldProblem,
  type RunReference,
} from '@loom/domain';

/** Status and title of every code of the contract; one that is missing here does not compile. */
const PROBLEMS: Record<ProblemCode, readonly [status: number, title: string]> = {
  invalid_request: [400, 'Invalid request'],
  invalid_inputs: [400, 'Invalid inputs'],
  migrator_url_not_allowed: [400, 'Migrator URL not allowed'],
  unauthenticated: [401, 'Unauthenticated'],
  forbidden: [403, 'Forbidden'],
  not_found: [404, 'Not found'],
  migration_not_found: [404, 'Migration not found'],
  candidate_not_found: [404, 'Candidate not found'],
  run_not_found: [404, 'Run not found'],
  method_not_allowed: [405, 'Method not allowed'],
  candidate_already_running: [409, 'Candidate already running'],
  candidate_already_completed: [409, 'Candidate already completed'],
  candidate_not_running: [409, 'Candidate not running'],
  candidate_not_queued: [409, 'Candidate not queued'],
  candidate_already_queued: [409, 'Candidate already queued'],
  run_cancelling: [409, 'Run cancelling'],
  step_not_failed: [409, 'Step not failed'],
  event_not_expected: [409, 'Event not expected'],
  payload_too_large: [413, 'Payload too large'],
  unsupported_media_type: [415, 'Unsupported media type'],
  rate_limited: [429, 'Rate limited'],
  internal: [500, 'Internal error'],
  migrator_unreachable: [502, 'Migrator unreachable'],
  migrator_error: [502, 'Migrator error'],
  dependency_unavailable: [503, 'Dependency unavailable'],
  migrator_timeout: [504, 'Migrator timeout'],
};

/** Seconds after which a store or an engine is worth another try. */
const RETRY_AFTER_SECONDS = 2;

/** An error that only HTTP knows of. */
export class HttpError extends Error {
  constructor(
    readonly code: ProblemCode,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** What an error is answered with. */
export interface ProblemReply {
  problem: Problem;
  headers: Readonly<Record<string, string>>;
}

/** The problem for `error`; whatever is not an error on purpose is `internal`, and tells nothing. */
export function toProblem(error: unknown, instance: string): ProblemReply {
  const known = fromHttp(error) ?? error;
  if (known instanceof HttpError)
    return { problem: problem(known.code, known.message, instance), headers: known.headers };
  if (!(known instanceof DomainError) || !isProblemCode(known.code))
    return { problem: problem('internal', 'something went wrong', instance), headers: {} };
  const fields = fieldProblems(known);
  return {
    problem: {
      ...problem(known.code, detailOf(known), instance),
      ...(fields.length === 0 ? {} : { errors: fields }),
      ...runOf(known),
    },
    headers:
      known instanceof DependencyUnavailableError ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {},
  };
}

/** The path to be told as `instance`. A callback id is a secret, so nothing behind `/event` is repeated. */
export function instanceOf(path: string): string {
  return /^\/*event(?:\/|$)/i.test(path) ? '/event' : path;
}

function problem(code: ProblemCode, detail: string, instance: string): Problem {
  const [status, title] = PROBLEMS[code];
  return { type: 'about:blank', title, status, detail, instance, code };
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}

/** A dependency's own words are for the log: they name hosts and ports. */
function detailOf(error: DomainError): string {
  if (!(error instanceof DependencyUnavailableError)) return error.message;
  return `the ${error.dependency} cannot be used now`;
}

function fieldProblems(error: DomainError): FieldProblem[] {
  const hasProblems =
    error instanceof InvalidRequestError ||
    error instanceof InvalidInputsError ||
    error instanceof PayloadTooLargeError;
  return hasProblems
    ? error.problems.map(({ pointer, message }) => ({ pointer: toPointer(pointer), message }))
    : [];
}

/** Below HTTP a query parameter is known by its name alone: `cursor`, `meta[team]`. */
function toPointer(pointer: string): string {
  if (pointer === '' || pointer.startsWith('/')) return pointer;
  const [, outer = pointer, key] = /^([^[\]]+)\[(.+)\]$/s.exec(pointer) ?? [];
  return ['', 'query', outer, ...(key === undefined ? [] : [key])].map(escapePointer).join('/');
}

function runOf(error: DomainError): Partial<RunReference> {
  if (!(error instanceof RunConflictError)) return {};
  const { runId, attempt, startedAt } = error.run;
  return {
    runId,
    ...(attempt === undefined ? {} : { attempt }),
    ...(startedAt === undefined ? {} : { startedAt }),
  };
}

/** Errors of Express and its body parser, by their `type` and `status`; undefined for all others. */
function fromHttp(error: unknown): HttpError | DomainError | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  const type = 'type' in error ? error.type : undefined;
  switch (type) {
    case 'entity.parse.failed':
      return new InvalidRequestError('the body is not valid JSON', [{ pointer: '', message: error.message }]);
    case 'entity.too.large':
      return new PayloadTooLargeError('the body is larger than this operation takes');
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new HttpError('unsupported_media_type', error.message);
    default:
      if (error instanceof URIError)
        return new InvalidRequestError('the path is malformed', [
          { pointer: '/path', message: 'cannot be decoded' },
        ]);
      if (error.status >= 500 || error.status < 400) return undefined;
      return new HttpError('invalid_request', 'the request is malformed');
  }
}
