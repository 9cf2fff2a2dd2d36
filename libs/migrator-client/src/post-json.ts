import type { Dispatcher } from 'undici';
import { callFailure, lateFailure } from './call-failure';
import type { CallFailure } from './call-failure';
import type { MigratorEndpoint } from './migrator-url';

export interface PostOptions {
  body: unknown;
  headers?: Record<string, string>;
  /** For the whole call, reading included. */
  timeoutMs: number;
  signal?: AbortSignal;
}

export interface Answer {
  kind: 'answer';
  status: number;
  headers: Dispatcher.ResponseData['headers'];
  /** At most the wanted number of bytes. */
  text: string;
  /** True when the body ended within them. */
  whole: boolean;
  /** True when the time was over before its end. */
  late: boolean;
}

/** How many bytes of an answer's body to read, by its status; 0 = none. */
export type BodyLimit = (status: number) => number;

/** What a body that nobody reads may still cost, so that its connection can be used again. */
const DISCARD_BYTES = 64 * 1024;
const DISCARD_MS = 1000;

/** POSTs JSON without following redirects; bounded in time and bytes. Never rejects. */
export async function postJson(
  agent: Dispatcher,
  endpoint: MigratorEndpoint,
  options: PostOptions,
  limit: BodyLimit,
): Promise<Answer | CallFailure> {
  const end = new AbortController();
  const abort = (): void => end.abort();
  const timer = setTimeout(abort, options.timeoutMs);
  options.signal?.addEventListener('abort', abort, { once: true });
  if (options.signal?.aborted === true) abort();
  try {
    const response = await agent.request({
      origin: endpoint.url.origin,
      path: endpoint.url.pathname + endpoint.url.search,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(endpoint.authorization === undefined ? {} : { authorization: endpoint.authorization }),
        ...options.headers,
      },
      body: JSON.stringify(options.body),
      signal: end.signal,
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
    });
    const { text, whole } = await read(response.body, limit(response.statusCode));
    // The status stands, also where its body was cut off; only a body that was wanted whole is missed (`whole`).
    return {
      kind: 'answer',
      status: response.statusCode,
      headers: response.headers,
      text,
      whole,
      late: end.signal.aborted,
    };
  } catch (error) {
    if (options.signal?.aborted === true) return { kind: 'aborted', reason: 'the call was aborted' };
    if (end.signal.aborted) return lateFailure(endpoint.origin, options.timeoutMs);
    return callFailure(error, endpoint.origin, options.timeoutMs);
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
  }
}

async function read(
  body: Dispatcher.ResponseData['body'],
  maxBytes: number,
): Promise<{ text: string; whole: boolean }> {
  if (maxBytes === 0) {
    // Not waited for: the answer is known. Destroys the connection when there is more than it is worth.
    body.dump({ limit: DISCARD_BYTES, signal: AbortSignal.timeout(DISCARD_MS) }).catch(() => undefined);
    return { text: '', whole: false };
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, maxBytes - bytes));
      bytes += chunk.length;
      // Leaving the loop destroys the body and with it the connection.
      if (bytes > maxBytes) break;
    }
  } catch {
    return { text: Buffer.concat(chunks).toString(), whole: false };
  }
  return { text: Buffer.concat(chunks).toString(), whole: bytes <= maxBytes };
}
