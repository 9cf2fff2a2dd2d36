import { jsonBytes } from './json-bytes';
import type { StepEvent } from './step-event';

/**
 * A short, stable digest of what an event says, by which an exact repeat is recognised when it has no eventId.
 * Key order and absent-versus-empty metadata make no difference. 2 × 32-bit FNV-1a: the domain has no crypto,
 * and a collision needs two different events in a row for one step attempt.
 */
export function eventFingerprint(event: StepEvent): string {
  const metadata = Object.entries(event.metadata ?? {}).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const text = JSON.stringify([
    event.stepName,
    event.candidateId,
    event.status,
    event.reason ?? '',
    metadata,
  ]);
  return `${fnv1a(text, 0x811c9dc5)}${fnv1a(text, 0x9747b28c)}`;
}

// A workflow looks each global up through its sandbox, which for every character takes longer than the rest.
const { imul } = Math;

function fnv1a(text: string, basis: number): string {
  let hash = basis;
  for (let i = 0; i < text.length; i += 1) {
    hash = imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** How one accepted event is remembered on its step, so that its repeat is answered 202 and changes nothing. */
export interface EventMark {
  /** As sent, or a digest of a long one: a run remembers many. */
  eventId?: string;
  fingerprint: string;
}

/** The mark of `event`. */
export function markOf(event: StepEvent): EventMark {
  const fingerprint = eventFingerprint(event);
  return event.eventId === undefined ? { fingerprint } : { eventId: shortId(event.eventId), fingerprint };
}

/** True when `event` says again what `mark` remembers: same eventId, or without one, the same content. */
export function isRepeat(mark: EventMark | undefined, event: StepEvent): boolean {
  if (mark === undefined) return false;
  // Marks of before long ids were shortened hold them whole.
  if (event.eventId !== undefined)
    return mark.eventId === event.eventId || mark.eventId === shortId(event.eventId);
  return mark.eventId === undefined && mark.fingerprint === eventFingerprint(event);
}

/** Bytes of JSON of an event id that is remembered as it is; a UUID takes 38. */
const EVENT_ID_BYTES = 80;

function shortId(eventId: string): string {
  if (jsonBytes(eventId) <= EVENT_ID_BYTES) return eventId;
  return `#${String(eventId.length)}:${fnv1a(eventId, 0x811c9dc5)}${fnv1a(eventId, 0x9747b28c)}`;
}
