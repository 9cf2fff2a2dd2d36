import type { RunEnd, RunProgress } from '@loom/domain';
import type { ExecutionLook, RunHead } from '@loom/ports';

/** Where the store and Temporal seem to disagree, as one look found it; a second look decides. */
export interface Suspect {
  kind: 'no_workflow' | 'no_run' | 'behind';
  migrationId: string;
  candidateId: string;
  /** Of the store, where it has one; else of Temporal. */
  runAttempt: number;
  /** Of the view that the store showed. */
  seq: number;
}

/** What is done about a disagreement that was seen twice, and why. */
export type Verdict =
  | { act: 'nothing'; because: string }
  /** → not_started with a cancelled attempt; `withSteps`: those that the workflow had reached. */
  | { act: 'settle'; because: string; withSteps: boolean }
  | { act: 'complete'; because: string }
  | { act: 'project'; because: string }
  /** The store does not know this attempt of Temporal's. */
  | { act: 'restore'; because: string }
  /** The workflow of an attempt that is over is asked to end. */
  | { act: 'cancel'; because: string };

/** Younger ones may be just under way. */
export const GRACE_MS = 30_000;

const nothing = (because: string): Verdict => ({ act: 'nothing', because });
const settle = (because: string, withSteps = false): Verdict => ({ act: 'settle', because, withSteps });

const ENDED: Readonly<Record<RunEnd, string>> = {
  completed: 'its workflow had completed it',
  cancelled: 'its workflow had ended as a cancelled one',
  closed: 'its workflow had ended, since the store then said that this attempt was over',
};

/** True when the attempt is nobody else's business: no reservation that waits, no recorded cancel, not just begun. */
export function isSettledRunning(head: RunHead | undefined, now: number): head is RunHead {
  if (head?.status !== 'running' || head.isCancelling) return false;
  // Its start is repeated by the reconciliation of reservations.
  if (head.executionId === undefined && head.seq === 0) return false;
  return head.startedAt === undefined || now - Date.parse(head.startedAt) >= GRACE_MS;
}

/** Of a candidate that the store shows as running. `progress`: undefined where the workflow could not be asked. */
export function judgeRunning(
  head: RunHead,
  look: ExecutionLook | undefined,
  progress: RunProgress | undefined,
): Verdict {
  if (look === undefined || look.runAttempt < head.runAttempt)
    return settle('Temporal knows no workflow of this attempt');
  if (look.runAttempt > head.runAttempt)
    return { act: 'restore', because: `Temporal knows a later attempt, ${String(look.runAttempt)}` };
  if (look.isForeign && look.open)
    return nothing('Temporal runs an attempt of the same number that is not this one');
  if (look.isForeign) return settle('Temporal knows no workflow of this very reservation');
  if (look.open) return judgeView(head, progress);
  return judgeEnded(look, progress);
}

function judgeView(head: RunHead, progress: RunProgress | undefined): Verdict {
  if (progress === undefined) return nothing('its workflow is open, and could not be asked');
  return progress.runAttempt === head.runAttempt && progress.seq > head.seq
    ? { act: 'project', because: 'the store was behind the workflow' }
    : nothing('its workflow is open');
}

function judgeEnded({ status }: ExecutionLook, progress: RunProgress | undefined): Verdict {
  const end = progress?.end;
  if (end === 'completed') return { act: 'complete', because: ENDED.completed };
  if (end !== undefined) return settle(ENDED[end], true);
  // One that says completed may have been cancelled in truth: only the workflow itself tells.
  if (status === 'completed') return nothing('its workflow has ended, and could not be asked how');
  return settle(`its workflow had ended: ${status.replace('_', ' ')}`, progress !== undefined);
}

/** Of an open workflow whose attempt the store does not show as running. */
export function judgeOpen(head: RunHead | undefined, look: ExecutionLook | undefined, now: number): Verdict {
  if (look?.open !== true) return nothing('its workflow has ended');
  if (now - Date.parse(look.startedAt) < GRACE_MS) return nothing('its workflow has just begun');
  if (head !== undefined && head.status === 'running' && head.runAttempt === look.runAttempt)
    return nothing('it runs');
  // Its number alone was restored: that says nothing of whether the attempt is over.
  if (head?.isWaiting === true) return nothing('it waits to be rebuilt');
  if (head === undefined || head.lastAttempt < look.runAttempt)
    return { act: 'restore', because: 'the store did not know this attempt' };
  return { act: 'cancel', because: 'this attempt is over' };
}
