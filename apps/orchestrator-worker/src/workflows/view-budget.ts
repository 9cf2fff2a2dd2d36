import { cutToJsonBytes, jsonBytes, type StepEvent, type StepState } from '@loom/domain';

/**
 * All limits here are bytes of JSON. The view of a run travels with its definition (512 KiB), its candidate and its
 * inputs (64 KiB each) to activities and to its next execution. Temporal ends a run that sends a payload above 2 MiB,
 * and one that answers a task with more than 4 MiB, so two of these together must stay below that.
 */
const VIEW_BYTES = 832 * 1024;
/** Of a step for all but its names, metadata and reason: times, numbers, marks, and what is cut to nearly nothing. */
const FRAME_BYTES = 1024;
/** Of one step's metadata; an event alone may have 64 KiB. */
const METADATA_BYTES = 64 * 1024;
/** A person reads it; a log belongs behind a link. */
const REASON_BYTES = 4096;
/** What every reason may have, however full the view is: a failed step must say something. */
const LEAST_REASON_BYTES = 256;
/** Stands beside the metadata that was kept when something did not fit. */
const DROPPED = 'loom.dropped';
const DROPPED_BYTES = 128;

type Said = Pick<StepEvent, 'reason' | 'metadata'>;

/**
 * `step`, one of `steps`, with what was said of it, as far as the view has room for that: the reason is cut, and a key
 * of metadata that does not fit is left out and named in `loom.dropped`.
 */
export function withTexts(
  steps: readonly StepState[],
  step: StepState,
  { reason, metadata }: Said,
): StepState {
  const said = { ...step };
  const room = VIEW_BYTES - steps.reduce((sum, one) => sum + sizeOf(one, one.stepName !== step.stepName), 0);
  if (reason !== undefined) {
    const limit = Math.min(REASON_BYTES, room - jsonBytes(step.metadata));
    said.reason = cutToJsonBytes(reason, Math.max(LEAST_REASON_BYTES, limit));
  }
  if (metadata === undefined) return said;
  const left = room - jsonBytes(said.reason);
  return { ...said, metadata: accumulated(step.metadata, metadata, Math.min(METADATA_BYTES, left)) };
}

/** `steps` of an execution that did not keep these limits yet, brought into them; the first ones keep the most. */
export function withinBudget(steps: readonly StepState[]): readonly StepState[] {
  if (jsonBytes(steps) <= VIEW_BYTES) return steps;
  const bare = steps.map(withoutTexts);
  return steps.reduce(
    (fitted, { reason, metadata }, i) =>
      fitted.map((one, at) =>
        at === i
          ? withTexts(fitted, one, {
              ...(reason === undefined ? {} : { reason }),
              ...(metadata === undefined ? {} : { metadata }),
            })
          : one,
      ),
    bare,
  );
}

function withoutTexts(step: StepState): StepState {
  const bare = { ...step };
  delete bare.reason;
  delete bare.metadata;
  return bare;
}

function sizeOf(step: StepState, isWhole: boolean): number {
  let sizes = SIZES.get(step);
  if (sizes === undefined) {
    const { stepName, description, type, reason, metadata } = step;
    sizes = {
      names: jsonBytes({ stepName, description, type }),
      texts: jsonBytes(reason) + jsonBytes(metadata),
    };
    SIZES.set(step, sizes);
  }
  return sizes.names + FRAME_BYTES + (isWhole ? sizes.texts : 0);
}

/** Steps are never changed in place; measuring all of a large view at each event would take the time of many hops. */
const SIZES = new WeakMap<StepState, { names: number; texts: number }>();

function accumulated(
  had: Readonly<Record<string, string>> | undefined,
  added: Readonly<Record<string, string>>,
  limit: number,
): Record<string, string> {
  const kept: Record<string, string> = { ...had };
  let size = jsonBytes(kept);
  for (const [key, value] of Object.entries(added)) {
    const before = Object.hasOwn(kept, key) ? entryBytes(key, kept[key] ?? '') : 0;
    const grows = entryBytes(key, value) - before;
    if (grows > 0 && size + grows > limit) {
      kept[DROPPED] = cutToJsonBytes(key, DROPPED_BYTES);
    } else {
      kept[key] = value;
      size += grows;
    }
  }
  return kept;
}

/** With the colon and the comma. */
function entryBytes(key: string, value: string): number {
  return jsonBytes(key) + jsonBytes(value) + 2;
}
