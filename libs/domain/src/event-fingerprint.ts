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

function fnv1a(text: string, basis: number): string {
  let hash = basis;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** How one accepted event is remembered on its step, so that its repeat is answered 202 and changes nothing. */
export interface EventMark {
  eventId?: string;
  fingerprint: string;
}

/** The mark of `event`. */
export function markOf(event: StepEvent): EventMark {
  const fingerprint = eventFingerprint(event);
  return event.eventId === undefined ? { fingerprint } : { eventId: event.eventId, fingerprint };
}

/** True when `event` says again what `mark` remembers: same eventId, or without one, the same content. */
export function isRepeat(mark: EventMark | undefined, event: StepEvent): boolean {
  if (mark === undefined) return false;
  if (event.eventId !== undefined) return mark.eventId === event.eventId;
  return mark.eventId === undefined && mark.fingerprint === eventFingerprint(event);
}
