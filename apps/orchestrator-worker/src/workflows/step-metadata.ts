import type { StepState } from '@loom/domain';

/** Characters of one step's metadata; an event alone may have 64 KiB. */
const STEP_LIMIT = 64 * 1024;
/**
 * Characters of all steps' metadata. The whole view goes to the store as one payload, of which Temporal takes 2 MB; a
 * character has at most three bytes.
 */
const RUN_LIMIT = 400 * 1024;
/** Stands beside what was kept when something did not fit. */
const DROPPED = 'loom.dropped';

/**
 * A step's metadata with what an event adds. A key that does not fit any more is left out and named in
 * `loom.dropped`: a run must not end up too large to be written at all.
 */
export function accumulated(
  steps: readonly StepState[],
  step: StepState,
  added: Readonly<Record<string, string>>,
): Record<string, string> {
  const others = steps.filter((one) => one.stepName !== step.stepName);
  const limit = Math.min(STEP_LIMIT, RUN_LIMIT - others.reduce((sum, one) => sum + sizeOf(one.metadata), 0));
  const kept: Record<string, string> = { ...step.metadata };
  let size = sizeOf(kept);
  for (const [key, value] of Object.entries(added)) {
    const grows =
      key.length + value.length - (Object.hasOwn(kept, key) ? key.length + (kept[key] ?? '').length : 0);
    if (size + grows > limit) {
      kept[DROPPED] = key;
    } else {
      kept[key] = value;
      size += grows;
    }
  }
  return kept;
}

function sizeOf(metadata: Readonly<Record<string, string>> | undefined): number {
  return Object.entries(metadata ?? {}).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
}
