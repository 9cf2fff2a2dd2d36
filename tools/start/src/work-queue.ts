/** Runs keyed work with bounded concurrency; a key that is waiting or running is not added again. */
export interface WorkQueue {
  add(key: string, work: () => Promise<void>): void;
  /** Resolves when nothing is waiting or running; rejects with the first failure. */
  drained(): Promise<void>;
}

export function createWorkQueue(concurrency: number, onError: (error: unknown) => void): WorkQueue {
  const known = new Set<string>();
  const waiting: (() => Promise<void>)[] = [];
  const idle: (() => void)[] = [];
  let active = 0;

  function pump(): void {
    while (active < concurrency) {
      const next = waiting.shift();
      if (next === undefined) break;
      active += 1;
      void next().finally(() => {
        active -= 1;
        pump();
      });
    }
    if (active === 0 && waiting.length === 0) for (const settle of idle.splice(0)) settle();
  }

  return {
    add(key, work) {
      if (known.has(key)) return;
      known.add(key);
      waiting.push(async () => {
        try {
          await work();
        } catch (error) {
          onError(error);
        } finally {
          known.delete(key);
        }
      });
      pump();
    },
    drained: () =>
      new Promise((settle) => {
        idle.push(settle);
        pump();
      }),
  };
}
