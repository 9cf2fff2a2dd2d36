import { DependencyUnavailableError } from '@loom/domain';

/** Runs works of the same key one after another, in the order they were asked for; of other keys, beside each other. */
export interface Turns {
  /**
   * `work` gets what is left of `ms` when its turn has come.
   * @throws DependencyUnavailableError when its turn has not come within `ms`; certainly nothing was sent then
   */
  take<T>(key: string, ms: number, work: (leftMs: number) => Promise<T>): Promise<T>;
  /** Keys for which something runs or waits. */
  size(): number;
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>();
  return {
    size: () => last.size,
    async take(key, ms, work) {
      const end = performance.now() + ms;
      const before = last.get(key) ?? Promise.resolve();
      let done: () => void = () => undefined;
      const mine = new Promise<void>((resolve) => (done = resolve));
      // Who comes next waits for all before it, also where this one gives up.
      const tail = before.then(() => mine);
      last.set(key, tail);
      void tail.then(() => last.get(key) === tail && last.delete(key));
      try {
        await within(ms, before);
        return await work(Math.max(end - performance.now(), 1));
      } finally {
        done();
      }
    },
  };
}

async function within(ms: number, turn: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const text = 'Temporal: too much is sent to this run at once';
      reject(new DependencyUnavailableError('engine', text, true));
    }, ms);
  });
  try {
    await Promise.race([turn, late]);
  } finally {
    clearTimeout(timer);
  }
}
