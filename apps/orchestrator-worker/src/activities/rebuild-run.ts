import type { RunProgress } from '@loom/domain';
import type { ExecutionLook, Finding, Stores } from '@loom/ports';
import { idOf } from './look-for-drift';
import { reconciliation } from './reconciliation';
import { progressOf, restore, viewOf, type RepairDeps } from './repair-drift';

/** Of which it is not known how its newest attempt stands. */
export interface Lost {
  migrationId: string;
  candidateId: string;
}

type Deps = RepairDeps & Pick<Stores, 'recovery'>;

const LOST = 'lost with the store; its workflow';

/**
 * Puts a lost run back as its newest workflow proves it, ended ones too: as the run it was, and then as it ended. A
 * crash between the two leaves a running candidate without a workflow, which is repaired like any other.
 */
export async function rebuild(deps: Deps, lost: Lost): Promise<Finding> {
  const runId = idOf(lost);
  const look = await deps.catalog.look(runId);
  const runAttempt = look?.runAttempt ?? 0;
  const found = (did: Finding['did'], reason: string): Finding => ({ runId, runAttempt, did, reason });
  if (look === undefined) {
    await deps.recovery.resolve(lost.migrationId, lost.candidateId);
    return found('settled', `${LOST} is no longer kept; only the number of its attempt is known`);
  }
  const progress = await progressOf(deps, runId, look);
  // Temporal says "completed" of a run that cleaned up after a cancel as well: only the run itself can tell.
  if (look.status === 'completed' && progress?.end === undefined)
    return found('reported', `${LOST} could not be asked how it ended`);
  const outcome = await restore(deps, runId, look, progress);
  if (outcome === 'closed') {
    await deps.recovery.resolve(lost.migrationId, lost.candidateId);
    return found('settled', 'the store knows how this attempt stands');
  }
  if (outcome !== 'applied') return found('reported', `${LOST} is kept, but ${outcome}`);
  return look.open ? found('restored', `${LOST} goes on`) : await end(deps, { lost, look, progress }, found);
}

async function end(
  deps: Deps,
  { lost, look, progress }: { lost: Lost; look: ExecutionLook; progress: RunProgress | undefined },
  found: (did: Finding['did'], reason: string) => Finding,
): Promise<Finding> {
  const at = deps.clock.now();
  if (progress?.end === 'completed') {
    await deps.ledger.complete(viewOf(lost, progress, at));
    return found('completed', `${LOST} had completed it`);
  }
  const how =
    progress?.end === 'cancelled'
      ? 'had ended as a cancelled one'
      : `had ended: ${look.status.replace('_', ' ')}`;
  const fallback = { by: 'reconciliation', reason: `${LOST} ${how}` };
  const settlement = { ...lost, runAttempt: look.runAttempt, at, fallback };
  await deps.ledger.settleCancel(settlement, reconciliation(fallback.reason));
  return found('settled', fallback.reason);
}
