import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, RequestHandler, Response } from 'express';
import { DependencyUnavailableError } from '@loom/domain';
import type { Logger } from '@loom/ports';
import type { Watch, WatchItem } from '../service/watch';
import { frameOf } from './frames';
import { createPlaces } from './stream-places';

export interface StreamDeps {
  logger: Logger;
  /** Ends every stream, so that a shutdown does not wait for its readers. */
  stopping: AbortSignal;
  /** Silence after which a comment keeps the line open. */
  heartbeatMs: number;
  /** Open streams of this process; more are refused. */
  mostStreams: number;
  /** Of one address, so that one page that opens streams without end takes them from nobody else. */
  mostPerClient: number;
  /** How long a reader may leave a full buffer unread before it is cut off; it reconnects where it was. */
  stallMs: number;
  /** How long a stream waits before it reads again when the store could not be read. */
  retryMs: number;
}

export const STREAM_DEFAULTS = {
  heartbeatMs: 15_000,
  mostStreams: 2000,
  mostPerClient: 200,
  stallMs: 30_000,
  retryMs: 1000,
} as const;

/** Milliseconds after which a reader whose stream ended should come back. */
const RECONNECT_MS = 2000;

/**
 * Streams of changes. One batch at a time is read, and only once the one before it has left for the reader: what a
 * slow reader misses meanwhile waits in the store, not in this process.
 */
export function createStreams(deps: StreamDeps) {
  const places = createPlaces(deps);
  const frames = createFrames();
  /** Opens the stream that `watch` reads; before it has begun, errors are answered like any other request's. */
  return (watch: (request: Request) => Promise<Watch>): RequestHandler =>
    async (request, response) => {
      const leave = places.take(request.socket.remoteAddress ?? '');
      const gone = new AbortController();
      response.once('close', () => {
        leave();
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
      else await pump({ ...deps, frames }, reader, response, gone.signal);
    };
}

/** Many streams tell the same changes: each is written down once. */
function createFrames(): (item: WatchItem) => string {
  const written = new WeakMap<WatchItem, string>();
  return (item) => {
    const frame = written.get(item) ?? frameOf(item);
    written.set(item, frame);
    return frame;
  };
}

type PumpDeps = StreamDeps & { frames: (item: WatchItem) => string };

/** Until the reader has gone, or the process stops. */
async function pump(deps: PumpDeps, reader: Watch, response: Response, gone: AbortSignal): Promise<void> {
  const signal = AbortSignal.any([gone, deps.stopping]);
  response.write(`retry: ${RECONNECT_MS}\n\n`);
  try {
    for (;;) {
      const text = await nextText(deps, reader, signal);
      if (signal.aborted) break;
      if (!response.write(text))
        await drained(response, AbortSignal.any([signal, AbortSignal.timeout(deps.stallMs)]));
    }
    response.end();
  } catch (error) {
    // Its head is sent, so no answer is left but the end; the reader comes back to where it was.
    if (!signal.aborted) deps.logger.warn('an event stream was cut off', { error });
    if (response.writableNeedDrain) response.destroy();
    else response.end();
  }
}

/**
 * Frames of what comes next, or a comment. While the store is away the stream stays: a browser that came back would meet
 * a 503, and would not try again. It goes on where it was, or the store, when it is back, says that this is not held.
 */
async function nextText({ frames, retryMs }: PumpDeps, reader: Watch, signal: AbortSignal): Promise<string> {
  try {
    const items = await reader.next(signal);
    return items.length === 0 ? ': still here\n\n' : items.map(frames).join('');
  } catch (error) {
    if (!(error instanceof DependencyUnavailableError)) throw error;
    await sleep(retryMs, undefined, { signal }).catch(() => undefined);
    return ': the store cannot be read now\n\n';
  }
}

async function drained(response: Response, signal: AbortSignal): Promise<void> {
  await once(response, 'drain', { signal });
}
