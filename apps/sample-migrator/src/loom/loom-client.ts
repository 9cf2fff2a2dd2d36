import { request } from 'undici';
import type { Candidate, MigrationAnnouncement, StepStatusEvent, SubmitResult } from '@loom/api-types';
import { createOutageLog, type Logger } from '@loom/ports';

/** What Loom answered: the status, the problem's code and text when there is one, and how long it asks to wait. */
export interface LoomAnswer {
  status: number;
  code?: string;
  detail?: string;
  retryAfterMs?: number;
  body?: unknown;
}

/** Loom gave no answer that could be read; the message is fit for an operator. */
export class LoomAwayError extends Error {
  override readonly name = 'LoomAwayError';
}

/** Answers of a Loom, or of a proxy before it, that misses what it needs. */
const AWAY: readonly unknown[] = [502, 503, 504];

/** True of a call that met no Loom, or one that cannot work; the client tells each such outage in its log. */
export function isLoomAway(answer: unknown): boolean {
  if (answer instanceof LoomAwayError) return true;
  return typeof answer === 'object' && answer !== null && 'status' in answer && AWAY.includes(answer.status);
}

/** What this migrator says to Loom. Every call is bounded. @throws LoomAwayError when there is no answer */
export interface LoomClient {
  raiseEvent(callbackId: string, event: StepStatusEvent): Promise<LoomAnswer>;
  announce(announcement: MigrationAnnouncement): Promise<LoomAnswer>;
  submit(migrationId: string, candidates: Candidate[], discoveryId: string): Promise<LoomAnswer>;
  /** Rejects unless Loom is ready. */
  ping(): Promise<void>;
}

export interface LoomClientDeps {
  /** Ours, from the configuration; an address in a request is never called. */
  url: string;
  apiKey: string | undefined;
  timeoutMs: number;
  now: () => number;
  logger: Logger;
}

/** Answers are small; what is longer is not Loom's. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/** A LoomClient over HTTP. */
export function createLoomClient({ url, apiKey, timeoutMs, now, logger }: LoomClientDeps): LoomClient {
  const remedy = 'start the api there and what it needs, or correct LOOM_URL';
  const outage = createOutageLog({ logger, what: 'loom', address: url, remedy });
  const exchange = async (path: string, body: string, credentials: boolean): Promise<LoomAnswer> => {
    const response = await request(url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(credentials && apiKey !== undefined ? { authorization: `Bearer ${apiKey}` } : {}),
      },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer = parse(await text(response.body));
    const after = retryAfter(response.headers['retry-after'], now());
    return {
      status: response.statusCode,
      ...(after === undefined ? {} : { retryAfterMs: after }),
      ...answer,
    };
  };
  const post = async (path: string, body: unknown, credentials: boolean): Promise<LoomAnswer> => {
    // Outside of the guard: a body that cannot be written is our own mistake.
    const text = JSON.stringify(body);
    try {
      const answer = await exchange(path, text, credentials);
      if (isLoomAway(answer)) outage.failed(answer.detail ?? `HTTP ${String(answer.status)}`);
      else outage.worked();
      return answer;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      outage.failed(reason);
      throw new LoomAwayError(`Loom gave no answer (${reason})`, { cause: error });
    }
  };
  return {
    // The callback id is the only credential that an event needs.
    raiseEvent: (callbackId, event) => post(`/event/${encodeURIComponent(callbackId)}`, event, false),
    announce: (announcement) => post('/registry/announce', announcement, true),
    submit: (migrationId, candidates, discoveryId) =>
      post(`/migrations/${encodeURIComponent(migrationId)}/candidates`, { candidates, discoveryId }, true),
    ping: async () => {
      const response = await request(`${url}/healthz`, { signal: AbortSignal.timeout(timeoutMs) });
      await response.body.dump();
      if (response.statusCode >= 500) throw new Error(`Loom answered ${String(response.statusCode)}`);
    },
  };
}

/** The counts in the answer to a submit. */
export function submitResult({ body }: LoomAnswer): SubmitResult {
  const counts = (body ?? {}) as Partial<SubmitResult>;
  const { added = 0, updated = 0, unchanged = 0, preserved = 0 } = counts;
  return { added, updated, unchanged, preserved };
}

async function text(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(answer: string): Pick<LoomAnswer, 'code' | 'detail' | 'body'> {
  try {
    const body = JSON.parse(answer) as unknown;
    if (typeof body !== 'object' || body === null) return {};
    const { code, detail } = body as Record<string, unknown>;
    return {
      body,
      ...(typeof code === 'string' ? { code } : {}),
      ...(typeof detail === 'string' ? { detail } : {}),
    };
  } catch {
    return {};
  }
}

/** Milliseconds of a Retry-After header, given in seconds or as a date. */
function retryAfter(header: string | string[] | undefined, now: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.max(ms, 0);
}
