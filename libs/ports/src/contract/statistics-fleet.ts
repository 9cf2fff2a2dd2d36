import type { RunManifest, StepFact, StepFactKind } from '@loom/domain';
import type { Stores } from '../stores';
import { Fleet, MIGRATION } from './fleet';

/** In milliseconds. */
export const MINUTE = 60_000;

/** A day on which nothing happened. */
export const NOTHING = {
  started: 0,
  completed: 0,
  cancelled: 0,
  opened: 0,
  passed: 0,
  failed: 0,
  runMs: 0,
};

/** A time on a day of March 2026 (or after it), `ms` after its midnight. */
export function dayAt(day: number, ms = 0): string {
  return new Date(Date.UTC(2026, 2, day) + ms).toISOString();
}

/** A fact of a step attempt that began at the midnight of 1 March and took `ms`. */
export function fact(
  seq: number,
  kind: StepFactKind,
  stepName: string,
  { ms = 0, ...over }: Partial<StepFact> & { ms?: number } = {},
): StepFact {
  return { seq, kind, stepName, attempt: 1, startedAt: dayAt(1), at: dayAt(1, ms), ...over };
}

/** Runs whose writes happen when, and tell what, a test says. */
export class StatisticsFleet {
  readonly fleet: Fleet;

  constructor(
    private readonly stores: Stores,
    private readonly migrationId = MIGRATION,
  ) {
    this.fleet = new Fleet(stores, migrationId);
  }

  async with(...ids: string[]): Promise<this> {
    await this.fleet.with(...ids);
    return this;
  }

  start(id: string, at: string): Promise<RunManifest> {
    return this.fleet.reserve(id, { reservedAt: at });
  }

  project(id: string, seq: number, facts: readonly StepFact[], at: string, runAttempt = 1) {
    return this.fleet.project(id, seq, {}, { facts, at, runAttempt });
  }

  complete(id: string, seq: number, at: string, facts: readonly StepFact[] = [], runAttempt = 1) {
    return this.stores.ledger.complete(
      this.fleet.view(id, seq, { status: 'completed' }, { at, facts, runAttempt }),
    );
  }

  /** Ends a run as cancelled. */
  settle(id: string, at: string, runAttempt = 1, facts: readonly StepFact[] = []) {
    const fallback = { by: 'temporal', reason: 'outside' };
    const address = { migrationId: this.migrationId, candidateId: id, runAttempt };
    return this.stores.ledger.settleCancel({ ...address, at, facts, fallback });
  }
}
