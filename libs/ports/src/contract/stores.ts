import { describeAuditStore } from './audit-store';
import { describeAttentionQueue } from './attention-queue';
import { describeCandidateStore } from './candidate-store';
import { describeControlStore } from './control-store';
import { describeEventStream } from './event-stream';
import { describeHeldRuns } from './held-runs';
import { describeMigrationStore } from './migration-store';
import { describeMigratorReach } from './migrator-reach';
import { describeStoreModel } from './model';
import { describeStoreRecovery } from './store-recovery';
import { describeRepairQueue } from './repair-queue';
import { describeRunCensus } from './run-census';
import { describeRunLedger } from './run-ledger';
import { describeRunLimits } from './run-limits';
import { describeRunReader } from './run-reader';
import { describeRunStore } from './run-store';
import { describeStatisticsStore } from './statistics-store';
import type { MakeStores } from './stores-under-test';

/** Every suite of every store port. */
export function describeStores(name: string, make: MakeStores): void {
  describeMigrationStore(name, make);
  describeMigratorReach(name, make);
  describeCandidateStore(name, make);
  describeRunStore(name, make);
  describeRunLedger(name, make);
  describeRunReader(name, make);
  describeControlStore(name, make);
  describeRunLimits(name, make);
  describeHeldRuns(name, make);
  describeRepairQueue(name, make);
  describeRunCensus(name, make);
  describeStoreRecovery(name, make);
  describeEventStream(name, make);
  describeAuditStore(name, make);
  describeStatisticsStore(name, make);
  describeAttentionQueue(name, make);
  describeStoreModel(name, make);
}
