import { DependencyUnavailableError } from '@loom/domain';
import type { RunAddress, StoreRecovery } from '@loom/ports';

/**
 * The outcome of a write, unless it says that the attempt is over only because the store has lost it: such a run must
 * not end, but wait until it is restored.
 * @throws DependencyUnavailableError then, so that the write is repeated
 */
export async function storeKnows<T extends string>(
  recovery: StoreRecovery,
  run: RunAddress,
  outcome: T,
): Promise<T> {
  if (outcome === 'closed' || outcome === 'not_reserved') await requireNotLost(recovery, run);
  return outcome;
}

/**
 * An app that nobody has announced is believed to be unknown only where the store has lost neither this run nor, with
 * that not accepted yet, the migration that announced it.
 * @throws DependencyUnavailableError where it may have
 */
export async function requireAllAnnounced(
  recovery: StoreRecovery,
  run: Omit<RunAddress, 'runAttempt'>,
): Promise<void> {
  await requireNotLost(recovery, run);
  if ((await recovery.identity()).lostAt === undefined) return;
  throw new DependencyUnavailableError(
    'store',
    'the store has lost its data, and a migrator has not announced itself again',
  );
}

/**
 * What was not found for a run is believed to be missing only where the store has not lost it.
 * @throws DependencyUnavailableError where it may have
 */
async function requireNotLost(
  recovery: StoreRecovery,
  { migrationId, candidateId }: Omit<RunAddress, 'runAttempt'>,
): Promise<void> {
  if (!(await recovery.isUndetermined(migrationId, candidateId))) return;
  throw new DependencyUnavailableError(
    'store',
    'the store may have lost this run, and waits for its recovery',
  );
}
