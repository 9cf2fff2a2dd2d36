import type { HeldRun, HeldRuns } from '../held-runs';
import type { MemoryState } from './memory-state';

/** Runs that a pause has held, in the memory of one process. */
export class MemoryHeldRuns implements HeldRuns {
  constructor(private readonly state: MemoryState) {}

  async due(before: string, limit: number, migrationId?: string): Promise<HeldRun[]> {
    await Promise.resolve();
    if (this.state.pause !== undefined) return [];
    return [...this.state.migrations.values()]
      .filter(
        ({ definition, pause }) => pause === undefined && (migrationId ?? definition.id) === definition.id,
      )
      .flatMap(({ candidates }) => [...candidates.values()])
      .flatMap(({ run, heldOrTold }) =>
        run !== undefined && heldOrTold !== undefined && heldOrTold < Date.parse(before)
          ? [{ run, time: heldOrTold }]
          : [],
      )
      .sort((a, b) => a.time - b.time || (a.run.runId < b.run.runId ? -1 : 1))
      .slice(0, limit)
      .map(({ run }) => {
        const { runId, candidateId, attempt: runAttempt } = run;
        return { runId, migrationId: run.migrationId, candidateId, runAttempt };
      });
  }

  async told(runs: readonly HeldRun[], at: string): Promise<void> {
    await Promise.resolve();
    for (const { migrationId, candidateId } of runs) {
      const stored = this.state.find(migrationId, candidateId)?.stored;
      if (stored?.heldOrTold !== undefined) stored.heldOrTold = Date.parse(at);
    }
  }
}
