import { parseCallbackId } from '@loom/domain';
import type { DispatchOutcome, DispatchRequest, MigratorNotifier } from '@loom/ports';
import type { Dispatcher } from 'undici';
import { answerDetail } from './answer-detail';
import type { CallFailure } from './call-failure';
import { migratorEndpoint } from './migrator-url';
import { postJson } from './post-json';
import type { Answer, BodyLimit } from './post-json';
import { retryAfterMs } from './retry-after';
import { cancelBody, dispatchBody, idempotencyKey } from './wire';

export interface MigratorNotifierDeps {
  /** Of `createEgressAgent`: it holds the rules of what may be called. */
  agent: Dispatcher;
  /** Milliseconds since 1970; for Retry-After dates. */
  now?: () => number;
}

interface Call {
  /** What the call is about, at the head of each reason. */
  subject: string;
  migratorUrl: string;
  path: string;
  headers?: Record<string, string>;
  /** Made only once the URL is known to be usable. */
  body: () => unknown;
  secrets: string[];
  /** Statuses that count as accepted beside every 2xx. */
  alsoAccepted?: readonly number[];
}

/** An accepted answer is not read; of another, enough for the words in which it says why. */
const ANSWER_BYTES = 64 * 1024;
const limit: BodyLimit = (status) => (isSuccess(status) ? 0 : ANSWER_BYTES);

/** Sends dispatches and cancels over HTTP; every outcome of the port's table is decided here. */
export function createMigratorNotifier({ agent, now = Date.now }: MigratorNotifierDeps): MigratorNotifier {
  async function send(
    call: Call,
    options: { timeoutMs: number; signal: AbortSignal },
  ): Promise<DispatchOutcome> {
    const endpoint = migratorEndpoint(call.migratorUrl, call.path);
    if ('problem' in endpoint)
      return { outcome: 'refused', reason: `${call.subject}: the migrator URL ${endpoint.problem}` };
    const post = { ...options, body: call.body(), headers: call.headers ?? {} };
    const result = await postJson(agent, endpoint, post, limit);
    if (result.kind !== 'answer') return failed(call.subject, result);
    if (isSuccess(result.status) || call.alsoAccepted?.includes(result.status) === true)
      return { outcome: 'accepted' };
    return notAccepted(
      call.subject,
      result,
      answerDetail(result, [...call.secrets, ...endpoint.secrets]),
      now(),
    );
  }

  return {
    dispatch: (request, options) => send(dispatchCall(request), options),
    cancelStep: (notice, options) =>
      send(
        {
          subject: `cancel of run ${notice.runId}`,
          migratorUrl: notice.migratorUrl,
          path: '/cancel-step',
          body: () => cancelBody(notice),
          secrets: [],
          alsoAccepted: [404, 405],
        },
        options,
      ),
  };
}

function dispatchCall(request: DispatchRequest): Call {
  const { callbackId } = request;
  return {
    subject: `step ${request.stepName} of migration ${request.migrationId}`,
    migratorUrl: request.migratorUrl,
    path: '/dispatch-step',
    headers: { 'idempotency-key': idempotencyKey(request) },
    body: () => dispatchBody(request),
    // A migrator may echo what it was sent; the MAC alone covers every spelling of the id.
    secrets: [callbackId, parseCallbackId(callbackId)?.mac ?? ''],
  };
}

function failed(subject: string, failure: CallFailure): DispatchOutcome {
  const reason = `${subject}: ${failure.reason}`;
  if (failure.kind === 'not_allowed') return { outcome: 'refused', reason };
  const { kind, reason: unreachable } = failure;
  return { outcome: 'retry', reason, ...(kind === 'unreachable' ? { unreachable } : {}) };
}

function notAccepted(subject: string, answer: Answer, detail: string, now: number): DispatchOutcome {
  const { status } = answer;
  if (status >= 300 && status < 400)
    return {
      outcome: 'refused',
      reason: `${subject}: the migrator answered ${status}; redirects are not followed`,
    };
  const reason = `${subject}: the migrator answered ${status}${detail}`;
  if (status < 500 && status !== 429) return { outcome: 'refused', reason };
  const afterMs = retryAfterMs(answer.headers['retry-after'], now);
  return { outcome: 'retry', reason, ...(afterMs === undefined ? {} : { afterMs }) };
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}
