import type { AuditStore } from './audit-store';
import type { AttentionQueue } from './attention-queue';
import type { CandidateStore } from './candidate-store';
import type { ControlStore } from './control-store';
import type { EventStream } from './event-stream';
import type { HeldRuns } from './held-runs';
import type { MigrationStore } from './migration-store';
import type { MigratorReach } from './migrator-reach';
import type { RepairQueue } from './repair-queue';
import type { RunCensus } from './run-census';
import type { RunLedger } from './run-ledger';
import type { StoreRecovery } from './store-recovery';
import type { RunReader, RunStore } from './run-store';
import type { StatisticsStore } from './statistics-store';

/** Every store port over one shared state. What needs some of them asks for a `Pick`. */
export interface Stores {
  migrations: MigrationStore;
  reach: MigratorReach;
  candidates: CandidateStore;
  runs: RunStore;
  reader: RunReader;
  ledger: RunLedger;
  repair: RepairQueue;
  census: RunCensus;
  controls: ControlStore;
  held: HeldRuns;
  recovery: StoreRecovery;
  events: EventStream;
  audit: AuditStore;
  statistics: StatisticsStore;
  attention: AttentionQueue;
}
