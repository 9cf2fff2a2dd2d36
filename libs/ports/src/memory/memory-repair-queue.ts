import type { RunManifest } from '@loom/domain';
import type { PendingCancel, RepairQueue } from '../repair-queue';
import type { MemoryState, StoredRun } from './memory-state';

/** What reconciliation looks for, in the memory of one process. */
export class MemoryRepairQueue implements RepairQueue {
  constructor(private readonly state: MemoryState) {}

  async unstarted(before: string, limit: number): Promise<RunManifest[]> {
    await Promise.resolve();
    return this.oldest(before, limit, ({ run, manifest }) =>
      run?.status === 'running' && run.executionId === undefined && run.seq === 0
        ? manifest?.reservedAt
        : undefined,
    ).flatMap(({ manifest }) => (manifest === undefined ? [] : [structuredClone(manifest)]));
  }

  async pendingCancels(before: string, limit: number): Promise<PendingCancel[]> {
    await Promise.resolve();
    return this.oldest(before, limit, ({ run }) => run?.cancel?.at).flatMap(({ run }) => {
      if (run?.cancel === undefined) return [];
      const { runId, migrationId, candidateId, attempt: runAttempt, executionId } = run;
      const cancel = { runId, migrationId, candidateId, runAttempt, requestedAt: run.cancel.at };
      return [{ ...cancel, ...(executionId === undefined ? {} : { executionId }) }];
    });
  }

  /** Lists are made of the migrations themselves here, so they are never behind. */
  async rederive(): Promise<number> {
    return Promise.resolve(0);
  }

  private oldest(
    before: string,
    limit: number,
    timeOf: (stored: StoredRun) => string | undefined,
  ): StoredRun[] {
    const all = [...this.state.migrations.values()].flatMap(({ candidates }) => [...candidates.values()]);
    return all
      .flatMap((stored) => {
        const time = Date.parse(timeOf(stored) ?? '');
        return time < Date.parse(before) ? [{ stored, time, runId: stored.run?.runId ?? '' }] : [];
      })
      .sort((a, b) => a.time - b.time || (a.runId < b.runId ? -1 : 1))
      .slice(0, limit)
      .map(({ stored }) => stored);
  }
}
