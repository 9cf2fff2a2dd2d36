import { once } from 'node:events';
import type { Request, RequestHandler, Response } from 'express';
import { DependencyUnavailableError } from '@loom/domain';
import type { Logger } from '@loom/ports';
import type { Watch } from '../service/watch';
import { markFailure } from './access-log';
import { frameOf } from './frames';
import { HttpError } from './http-error';

export interface StreamDeps {
  logger: Logger;
  /** Ends every stream, so that a shutdown does not wait for its readers. */
  stopping: AbortSignal;
  /** Silence after which a comment keeps the line open. */
  heartbeatMs: number;
  /** Open streams of this process; more are refused. */
  mostStreams: number;
  /** How long a reader may leave a full buffer unread before it is cut off; it reconnects where it was. */
  stallMs: number;
}

export const STREAM_DEFAULTS = { heartbeatMs: 15_000, mostStreams: 2000, stallMs: 30_000 } as const;

/** Milliseconds after which a reader whose stream ended should come back. */
const RECONNECT_MS = 2000;

/**
 * Streams of changes. One batch at a time is read, and only once the one before it has left for the reader: what a
 * slow reader misses meanwhile waits in the store, not in this process.
 */
export function createStreams(deps: StreamDeps) {
  let open = 0;
  /** Opens the stream that `watch` reads; before it has begun, errors are answered like any other request's. */
  return (watch: (request: Request) => Promise<Watch>): RequestHandler =>
    async (request, response) => {
      if (open >= deps.mostStreams)
        throw new HttpError('rate_limited', 'too many open streams', { 'retry-after': '5' });
      open += 1;
      const gone = new AbortController();
      response.once('close', () => {
        open -= 1;
        gone.abort();
      });
      const reader = await watch(request);
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        // Compression, ours or a proxy's, would hold frames back: `no-transform` forbids it.
        'cache-control': 'no-store, no-transform',
        // For nginx, which would hold the frames back.
        'x-accel-buffering': 'no',
      });
      if (request.method === 'HEAD') response.end();
      else await pump(deps, reader, response, gone.signal);
    };
}

/** Until the reader has gone, the process stops, or the store fails. */
async function pump(deps: StreamDeps, reader: Watch, response: Response, gone: AbortSignal): Promise<void> {
  const signal = AbortSignal.any([gone, deps.stopping]);
  response.write(`retry: ${RECONNECT_MS}\n\n`);
  try {
    for (;;) {
      const items = await reader.next(signal);
      if (signal.aborted) break;
      const text = items.length === 0 ? ': still here\n\n' : items.map(frameOf).join('');
      if (!response.write(text))
        await drained(response, AbortSignal.any([signal, AbortSignal.timeout(deps.stallMs)]));
    }
    response.end();
  } catch (error) {
    // Its head is sent, so no answer is left but the end; the reader comes back to where it was.
    if (error instanceof DependencyUnavailableError) markFailure(response, error.code, error);
    else if (!gone.aborted) deps.logger.warn('an event stream was cut off', { error });
    if (response.writableNeedDrain) response.destroy();
    else response.end();
  }
}

async function drained(response: Response, signal: AbortSignal): Promise<void> {
  await once(response, 'drain', { signal });
}
