import { attentionOf, plannedSteps, type RunManifest, type RunProgress } from '@loom/domain';
import type {
  Clock,
  ExecutionCatalog,
  ExecutionEngine,
  ExecutionLook,
  Finding,
  Logger,
  RunHead,
  RunProjection,
  Stores,
} from '@loom/ports';
import { isSettledRunning, judgeOpen, judgeRunning, type Suspect, type Verdict } from './drift';
import { idOf } from './look-for-drift';
import { reconciliation } from './reconciliation';

export interface RepairDeps extends Pick<
  Stores,
  'census' | 'ledger' | 'migrations' | 'candidates' | 'controls' | 'audit'
> {
  engine: ExecutionEngine;
  catalog: ExecutionCatalog;
  clock: Clock;
  logger: Logger;
}

/** Of one activity, well inside its time, also when the last calls run into their own deadlines. */
const WORK_MS = 12_000;

/** The second look at each suspect, and the repair of those that still disagree. */
export function createRepairActivities(deps: RepairDeps) {
  return {
    /** What is not reached in time comes again with a later look. */
    async repairDrift(suspects: readonly Suspect[]): Promise<Finding[]> {
      const end = Date.now() + WORK_MS;
      const findings: Finding[] = [];
      for (const suspect of suspects) {
        if (Date.now() > end) break;
        try {
          const finding = await repairOne(deps, suspect);
          if (finding === undefined) continue;
          findings.push(finding);
          await tell(deps, suspect, finding);
          deps.logger.warn('the store and Temporal disagreed about a run', { ...finding });
        } catch (error) {
          const runId = idOf(suspect);
          deps.logger.error('a run could not be repaired; a later tick tries again', { runId, error });
        }
      }
      return findings;
    },
  };
}

/** Settlements and restored runs have an entry of their own; what the workflow should have shown itself has none. */
async function tell(
  { audit }: RepairDeps,
  suspect: Suspect,
  { did, reason, runAttempt }: Finding,
): Promise<void> {
  if (did !== 'brought_forward' && did !== 'completed' && did !== 'cancel_asked') return;
  const { migrationId, candidateId } = suspect;
  const run = { migrationId, candidateId, runAttempt };
  await audit.append({ ...reconciliation(reason), action: 'repair', ...run, after: { did } });
}

async function repairOne(deps: RepairDeps, suspect: Suspect): Promise<Finding | undefined> {
  const runId = idOf(suspect);
  const now = Date.parse(deps.clock.now());
  const [head] = await deps.census.heads([suspect]);
  const look = await deps.catalog.look(runId, head?.nonce === '' ? undefined : head?.nonce);
  if (suspect.kind === 'no_run') return act(deps, { suspect, head, look }, judgeOpen(head, look, now));
  const isAsSeen = head?.runAttempt === suspect.runAttempt && head.seq === suspect.seq;
  if (!isAsSeen || !isSettledRunning(head, now)) return undefined;
  const progress = await progressOf(deps, runId, look);
  return act(deps, { suspect, head, look, progress }, judgeRunning(head, look, progress));
}

interface Case {
  suspect: Suspect;
  head: RunHead | undefined;
  look: ExecutionLook | undefined;
  progress?: RunProgress | undefined;
}

/** Undefined where the workflow cannot be asked, or where it is not this attempt's. */
export async function progressOf(
  { engine, logger }: RepairDeps,
  runId: string,
  look: ExecutionLook | undefined,
): Promise<RunProgress | undefined> {
  if (look === undefined) return undefined;
  try {
    const progress = await engine.progress(runId);
    return progress?.runAttempt === look.runAttempt ? progress : undefined;
  } catch (error) {
    logger.warn('a workflow could not be asked how far it is', { runId, error });
    return undefined;
  }
}

async function act(deps: RepairDeps, of: Case, verdict: Verdict): Promise<Finding | undefined> {
  const { suspect, look } = of;
  const runId = idOf(suspect);
  const finding = (did: Finding['did'], reason = verdict.because): Finding => {
    const runAttempt = verdict.act === 'restore' ? (look?.runAttempt ?? 0) : suspect.runAttempt;
    return { runId, runAttempt, did, reason };
  };
  switch (verdict.act) {
    case 'nothing':
      return undecided(of) ? finding('reported') : undefined;
    case 'settle':
      return (await settle(deps, of, verdict)) === 'applied' ? finding('settled') : undefined;
    case 'project':
      return (await project(deps, of)) === 'applied' ? finding('brought_forward') : undefined;
    case 'complete':
      return (await complete(deps, of)) === 'applied' ? finding('completed') : undefined;
    case 'cancel':
      return (await deps.engine.cancel({ runId, runAttempt: suspect.runAttempt }))
        ? finding('cancel_asked')
        : undefined;
    case 'restore': {
      const outcome = await restore(deps, runId, look, await progressOf(deps, runId, look));
      if (outcome === 'closed') return undefined;
      return outcome === 'applied'
        ? finding('restored')
        : finding('reported', `${verdict.because}; ${outcome}`);
    }
  }
}

/** Only what is wrong for certain, but cannot be told apart, is worth a person's time. */
function undecided({ suspect, look }: Case): boolean {
  return suspect.kind === 'no_workflow' && (look?.open !== true || look.isForeign);
}

/** Conditional on the very view that was judged. */
async function settle(
  { ledger, clock }: RepairDeps,
  { suspect, progress }: Case,
  { because, withSteps }: Extract<Verdict, { act: 'settle' }>,
): Promise<string> {
  const { migrationId, candidateId, runAttempt, seq } = suspect;
  const isFurther = withSteps && progress !== undefined && progress.seq >= seq;
  const settlement = {
    ...{ migrationId, candidateId, runAttempt, seq },
    ...(isFurther ? { steps: progress.steps } : {}),
    at: clock.now(),
    fallback: { by: 'reconciliation', reason: because },
  };
  return ledger.settleCancel(settlement, reconciliation(because));
}

async function project(deps: RepairDeps, { suspect, progress }: Case): Promise<string> {
  if (progress === undefined) return 'stale';
  await pauseAsHeld(deps, suspect.migrationId, progress);
  const outcome = await deps.ledger.project(viewOf(suspect, progress, deps.clock.now()));
  return outcome === 'paused' ? 'applied' : outcome;
}

/** A store that does not know that a run is held may not know by what either: it must not go on for that. */
async function pauseAsHeld(
  { controls, clock }: RepairDeps,
  migrationId: string,
  { phase, steps, currentStep }: RunProgress,
): Promise<void> {
  const since = steps[currentStep]?.startedAt;
  if (phase !== 'held' || since === undefined) return;
  const by = reconciliation('the store had lost a pause that holds a run of it');
  await controls.pauseAgain(migrationId, since, clock.now(), by);
}

async function complete({ ledger, clock }: RepairDeps, { suspect, progress }: Case): Promise<string> {
  return progress === undefined ? 'stale' : ledger.complete(viewOf(suspect, progress, clock.now()));
}

/** The view that the workflow itself would have shown. */
export function viewOf(
  { migrationId, candidateId }: { migrationId: string; candidateId: string },
  progress: RunProgress,
  at: string,
): RunProjection {
  const { runAttempt, seq, steps, currentStep, inputs = {}, phase } = progress;
  const attention = phase === 'finished' ? undefined : attentionOf(steps[currentStep]);
  const view = { migrationId, candidateId, runAttempt, seq, steps, currentStep, inputs, at };
  return {
    ...view,
    ...(attention === undefined ? {} : { attention }),
    // The store must know of it, or nobody would ever tell it to go on.
    ...(phase === 'held' ? { dispatches: true, holds: true } : {}),
  };
}

/** `applied`, `closed`, or why it cannot be done yet. `told` is what the workflow says of itself, if it could be asked. */
export async function restore(
  deps: RepairDeps,
  runId: string,
  look: ExecutionLook | undefined,
  told: RunProgress | undefined,
): Promise<string> {
  const manifest = await deps.catalog.startedWith(runId);
  if (look === undefined || manifest?.runAttempt !== look.runAttempt)
    return 'what its workflow was started with cannot be read';
  const { migrationId, candidate } = manifest;
  const progress = told ?? planOf(manifest, look);
  if (progress === undefined) return 'its workflow could not be asked how far it is';
  if ((await deps.migrations.get(migrationId)) === undefined)
    return 'its migration has not been announced again';
  const at = deps.clock.now();
  const by = reconciliation('the store did not know a run that Temporal knows');
  // What discovery has found since is newer than what the run was started with.
  if ((await deps.candidates.get(migrationId, candidate.id)) === undefined)
    await deps.candidates.submit(migrationId, [candidate], at, by);
  if (look.open) await pauseAsHeld(deps, migrationId, progress);
  const view = viewOf({ migrationId, candidateId: candidate.id }, progress, at);
  const outcome = await deps.census.restore({ manifest, executionId: look.executionId, view, by });
  return outcome === 'unknown' ? 'its candidate is unknown' : outcome;
}

/** One that was ended from outside before it did anything cannot be asked; how it ended is certain all the same. */
function planOf(manifest: RunManifest, { open, status }: ExecutionLook): RunProgress | undefined {
  if (open || status === 'completed') return undefined;
  const { runAttempt, inputs } = manifest;
  return { runAttempt, seq: 0, phase: 'dispatching', currentStep: 0, steps: plannedSteps(manifest), inputs };
}
