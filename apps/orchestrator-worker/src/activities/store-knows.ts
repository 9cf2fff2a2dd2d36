import { DependencyUnavailableError } from '@loom/domain';
import type { RunAddress, StoreRecovery } from '@loom/ports';

/**
 * The outcome of a write, unless it says that the attempt is over only because the store has lost it: such a run must
 * not end, but wait until it is restored.
 * @throws DependencyUnavailableError then, so that the write is repeated
 */
export async function storeKnows<T extends string>(
  recovery: StoreRecovery,
  { migrationId, candidateId }: RunAddress,
  outcome: T,
): Promise<T> {
  const saysOver = outcome === 'closed' || outcome === 'not_reserved';
  if (saysOver && (await recovery.isUndetermined(migrationId, candidateId)))
    throw new DependencyUnavailableError(
      'store',
      'the store may have lost this run, and waits for its recovery',
    );
  return outcome;
}
