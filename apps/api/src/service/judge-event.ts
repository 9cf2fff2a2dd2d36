import { isRepeat, isTerminal, type CallbackAddress, type RunRecord, type StepEvent } from '@loom/domain';

/**
 * What the stored record says of an event for `address`. `repeat`: the last accepted event of that step attempt said
 * the same. `old`: the record proves that nothing waits for it. `signal`: anything else, also what is ahead of the
 * record, since the projection may be behind the run.
 */
export function judge(
  run: RunRecord | undefined,
  address: CallbackAddress,
  event: StepEvent,
): 'repeat' | 'old' | 'signal' {
  if (run === undefined || run.status === 'queued') return 'old';
  if (address.runAttempt !== run.attempt) return address.runAttempt < run.attempt ? 'old' : 'signal';
  const step = run.steps[address.stepIndex];
  // The plan is fixed at the reservation, so a dispatch of it cannot have had another name at this place.
  if (step?.stepName !== event.stepName) return 'old';
  if (address.attempt === step.attempt && isRepeat(step.lastEvent, event)) return 'repeat';
  if (run.status === 'completed' || address.stepIndex < run.currentStep) return 'old';
  if (address.attempt !== step.attempt) return address.attempt < step.attempt ? 'old' : 'signal';
  return isTerminal(step.status) ? 'old' : 'signal';
}
