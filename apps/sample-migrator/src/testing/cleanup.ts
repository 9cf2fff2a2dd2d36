/** What a test set up, so that it is undone even where the set-up ended half way. */
export interface Cleanup {
  add: (undo: () => unknown) => void;
  /** Undoes everything, the last first, each whatever became of the others. @throws AggregateError */
  run: () => Promise<void>;
}

/** Creates one with nothing to undo. */
export function createCleanup(): Cleanup {
  const steps: (() => unknown)[] = [];
  return {
    add: (undo) => void steps.push(undo),
    run: async () => {
      const errors: unknown[] = [];
      for (let undo = steps.pop(); undo !== undefined; undo = steps.pop()) {
        try {
          await undo();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw new AggregateError(errors, 'not everything could be undone');
    },
  };
}
