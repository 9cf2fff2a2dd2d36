import type { Problem, ProblemCode } from '@loom/api-types';
import {
  DependencyUnavailableError,
  DomainError,
  ExecutionMissingError,
  InvalidInputsError,
  InvalidRequestError,
  PayloadTooLargeError,
  RunConflictError,
  StoreRecoveringError,
  escapePointer,
  type FieldProblem,
  type RunReference,
} from '@loom/domain';
import { fromFramework } from './framework-errors';
import { HttpError } from './http-error';

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
  candidate_not_completed: [409, 'Candidate not completed'],
  candidate_already_queued: [409, 'Candidate already queued'],
  run_cancelling: [409, 'Run cancelling'],
  run_limit_reached: [409, 'Run limit reached'],
  migration_paused: [409, 'Migration paused'],
  step_not_failed: [409, 'Step not failed'],
  event_not_expected: [409, 'Event not expected'],
  attempt_unknown: [409, 'Attempt unknown'],
  migration_archived: [409, 'Migration archived'],
  migration_in_use: [409, 'Migration in use'],
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

/** What an error is answered with. */
export interface ProblemReply {
  problem: Problem;
  headers: Readonly<Record<string, string>>;
}

/** The problem for `error`; whatever is not an error on purpose is `internal`, and tells nothing. */
export function toProblem(error: unknown, instance: string): ProblemReply {
  const known = fromFramework(error) ?? error;
  if (known instanceof HttpError) {
    const { code, message, headers, problems } = known;
    return { problem: { ...problem(code, message, instance), ...errorsOf(problems) }, headers };
  }
  if (!(known instanceof DomainError) || !isProblemCode(known.code))
    return { problem: problem('internal', 'something went wrong', instance), headers: {} };
  return {
    problem: {
      ...problem(known.code, detailOf(known), instance),
      ...errorsOf(fieldProblems(known)),
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
  const isOurs =
    !(error instanceof DependencyUnavailableError) ||
    error instanceof ExecutionMissingError ||
    error instanceof StoreRecoveringError;
  if (isOurs) return error.message;
  return `the ${error.dependency} cannot be used now`;
}

function errorsOf(problems: readonly FieldProblem[]): Pick<Problem, 'errors'> {
  return problems.length === 0 ? {} : { errors: [...problems] };
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
  if (error instanceof ExecutionMissingError) return { runId: error.runId };
  if (!(error instanceof RunConflictError)) return {};
  const { runId, attempt, startedAt } = error.run;
  return {
    runId,
    ...(attempt === undefined ? {} : { attempt }),
    ...(startedAt === undefined ? {} : { startedAt }),
  };
}
