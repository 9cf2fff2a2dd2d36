import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { createEventParser, toLoomEvent, type EventFrame, type LoomEvent } from '@loom/api-types';
import type { MemoryLogger } from '@loom/ports/memory';
import type { Watch, WatchItem } from '../service/watch';

export const AT = '2026-01-01T00:00:00.000Z';
/** Tells that a candidate runs. */
export const candidateItem = (position: string): WatchItem => ({
  position,
  event: {
    type: 'candidate',
    migrationId: 'm',
    candidateId: 'c',
    status: 'running',
    attempt: 1,
    updatedAt: AT,
  },
});

/** A watch that the test feeds; an empty batch is what a quiet store answers. */
export function feed(batches: WatchItem[][]): Watch & { asked: number; aborted: () => Promise<void> } {
  let toldAborted: () => void;
  const aborted = new Promise<void>((resolve) => (toldAborted = resolve));
  const watch = {
    asked: 0,
    aborted: () => aborted,
    next(signal: AbortSignal): Promise<WatchItem[]> {
      watch.asked += 1;
      const batch = batches.shift();
      if (batch !== undefined) return Promise.resolve(batch);
      return new Promise((resolve) => {
        const end = (): void => {
          toldAborted();
          resolve([]);
        };
        if (signal.aborted) end();
        else signal.addEventListener('abort', end, { once: true });
      });
    },
  };
  return watch;
}

/** Opens a stream, from `localAddress` where one is given, and leaves its body to be read. */
export async function openStream(
  url: string,
  headers: Record<string, string> = {},
  localAddress?: string,
): Promise<IncomingMessage> {
  const from = localAddress === undefined ? {} : { localAddress };
  const [response] = (await once(get(url, { headers, ...from }), 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  return response;
}

/** Frames and comments as they arrive. */
export function reader(response: IncomingMessage) {
  const frames: EventFrame[] = [];
  let text = '';
  let wake = (): void => undefined;
  const parse = createEventParser({ onFrame: (frame) => void frames.push(frame) });
  response.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    parse(piece);
    wake();
  });
  const until = async (done: () => boolean): Promise<void> => {
    while (!done()) await new Promise<void>((resolve) => (wake = resolve));
  };
  return {
    frames,
    events: (): (LoomEvent | undefined)[] => frames.map(toLoomEvent),
    text: () => text,
    until,
  };
}

/** Resolves when a line with `message` is logged from now on. */
export function nextLine(logger: MemoryLogger, message: string): Promise<void> {
  return new Promise((resolve) => {
    const push = logger.lines.push.bind(logger.lines);
    logger.lines.push = (...added) => {
      if (added.some((line) => line.message === message)) resolve();
      return push(...added);
    };
  });
}
