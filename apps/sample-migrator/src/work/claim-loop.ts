/** Claims items and runs them, a bounded number at a time. */
export interface ClaimLoop {
  /** There may be something to claim: look now instead of at the next tick. */
  nudge: () => void;
  /** Claims nothing more, and waits for what is running. */
  stop: () => Promise<void>;
}

export interface ClaimLoopOptions<T> {
  claim: (limit: number) => Promise<T[]>;
  /** What it throws goes to `onError`; the item is claimed again when its claim runs out. */
  run: (item: T) => Promise<void>;
  concurrency: number;
  /** How long the loop sleeps when there is nothing to do. */
  intervalMs: number;
  onError: (error: unknown) => void;
}

/** Starts a loop. */
export function startClaimLoop<T>(options: ClaimLoopOptions<T>): ClaimLoop {
  const { concurrency, intervalMs, onError } = options;
  const running = new Set<Promise<void>>();
  let stopped = false;
  let looking: Promise<void> | undefined;
  let again = false;

  const start = (item: T): void => {
    const task = options
      .run(item)
      .catch(onError)
      .finally(() => {
        running.delete(task);
        nudge();
      });
    running.add(task);
  };
  const look = async (): Promise<void> => {
    do {
      again = false;
      const free = concurrency - running.size;
      if (stopped || free <= 0) return;
      const items = await options.claim(free);
      items.forEach(start);
      if (items.length === free) again = true;
    } while (again);
  };
  const nudge = (): void => {
    if (stopped) return;
    again = true;
    looking ??= look()
      .catch(onError)
      .finally(() => {
        looking = undefined;
        // A nudge that came while the last look was ending must not be lost.
        if (again && running.size < concurrency) setImmediate(nudge);
      });
  };
  const timer = setInterval(nudge, intervalMs);
  nudge();

  return {
    nudge,
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await looking;
      await Promise.all(running);
    },
  };
}
