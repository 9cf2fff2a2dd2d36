import type { Stores } from '../stores';
import { MemoryAuditStore } from './memory-audit-store';
import { MemoryAttentionQueue } from './memory-attention-queue';
import { MemoryCandidateStore } from './memory-candidate-store';
import { MemoryControlStore } from './memory-control-store';
import { MemoryEventStream } from './memory-event-stream';
import { MemoryHeldRuns } from './memory-held-runs';
import { MemoryMigrationStore } from './memory-migration-store';
import { MemoryMigratorReach } from './memory-migrator-reach';
import { MemoryRepairQueue } from './memory-repair-queue';
import { MemoryRunCensus } from './memory-run-census';
import { MemoryRunLedger } from './memory-run-ledger';
import { MemoryRunReader } from './memory-run-reader';
import { MemoryRunStore } from './memory-run-store';
import { MemoryStoreRecovery } from './memory-store-recovery';
import { MemoryState } from './memory-state';
import { MemoryStatisticsStore } from './memory-statistics-store';

/**
 * Every store port, in memory. `now` (ms) decides when idempotency keys end; `streamLength` is how many entries each
 * stream holds.
 */
export function createMemoryStores(options: { now?: () => number; streamLength?: number } = {}) {
  const state = new MemoryState({ now: Date.now, streamLength: 10_000, ...options });
  const stores = {
    migrations: new MemoryMigrationStore(state),
    reach: new MemoryMigratorReach(state),
    candidates: new MemoryCandidateStore(state),
    runs: new MemoryRunStore(state),
    reader: new MemoryRunReader(state),
    ledger: new MemoryRunLedger(state),
    repair: new MemoryRepairQueue(state),
    census: new MemoryRunCensus(state),
    recovery: new MemoryStoreRecovery(state),
    controls: new MemoryControlStore(state),
    held: new MemoryHeldRuns(state),
    events: new MemoryEventStream(state),
    audit: new MemoryAuditStore(state),
    statistics: new MemoryStatisticsStore(state),
    attention: new MemoryAttentionQueue(state),
  } satisfies Stores;
  /** Forgets everything at once, as a store that is lost. */
  const lose = (): void => {
    state.migrations.clear();
    state.migratorUrls.clear();
    state.announcedAt.clear();
    state.unreachable.clear();
    state.lastAttempts.clear();
    state.waiting.clear();
    delete state.pause;
    delete state.resumedAt;
    delete state.maxRunning;
    state.identity = {};
  };
  return { ...stores, lose };
}
