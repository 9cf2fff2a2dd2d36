import { InvalidRequestError } from '@loom/domain';
import type { ChangeEvent, StreamBatch, StreamEntry } from '../event-stream';

const START = '0-0';
const POSITION = /^(\d{1,15})-0$/;

/** One bounded stream of changes. Positions are `<number>-0`, counted from 1. */
export class MemoryStream {
  private entries: { number: number; event: ChangeEvent }[] = [];
  private last = 0;
  private waiting = new Set<() => void>();

  constructor(private readonly maxLength: number) {}

  add(event: ChangeEvent): void {
    this.last += 1;
    this.entries.push({ number: this.last, event: structuredClone(event) });
    if (this.entries.length > this.maxLength) this.entries.shift();
    for (const wake of [...this.waiting]) wake();
  }

  position(): string {
    return `${this.last}-0`;
  }

  /** Entries after `after` as they stand now. */
  read(after: string, limit: number): StreamBatch {
    const number = numberOf(after);
    const first = this.entries[0]?.number ?? this.last + 1;
    const trimmed = first > 1 && number < first;
    if (trimmed || number > this.last) return { entries: [], position: after, gap: true };
    const entries = this.entries
      .slice(number + 1 - first, number + 1 - first + limit)
      .map((entry): StreamEntry => ({ position: `${entry.number}-0`, event: structuredClone(entry.event) }));
    return { entries, position: entries.at(-1)?.position ?? after, gap: false };
  }

  /** Resolves with the next entry, after `waitMs`, or when `signal` aborts, whichever is first. */
  next(waitMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.waiting.delete(done);
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, waitMs);
      this.waiting.add(done);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }
}

function numberOf(position: string): number {
  const number = POSITION.exec(position)?.[1];
  if (number === undefined && position !== START) {
    throw new InvalidRequestError('the stream position is malformed', [
      { pointer: 'after', message: 'is not a position of this stream' },
    ]);
  }
  return Number(number ?? 0);
}
