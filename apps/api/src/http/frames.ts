import type * as wire from '@loom/api-types';
import type { ChangeEvent } from '@loom/ports';
import type { WatchItem } from '../service/watch';
import { stepToWire } from './to-wire';

/** One Server-Sent Events frame. Positions and JSON hold no line break, so nothing can end a field early. */
export function frameOf(item: WatchItem): string {
  const [name, data] = 'event' in item ? eventToWire(item.event) : resetToWire(item.reset);
  return `id: ${item.position}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function resetToWire(reason: string): [string, wire.ResetEvent] {
  return ['reset', { reason }];
}

function eventToWire(event: ChangeEvent): [string, wire.CandidateEvent | wire.StepEvent | wire.CountsEvent] {
  switch (event.type) {
    case 'candidate':
      return ['candidate', candidateEvent(event)];
    case 'step': {
      const { migrationId, candidateId, runAttempt, step } = event;
      return ['step', { migrationId, candidateId, runAttempt, step: stepToWire(step) }];
    }
    case 'counts':
      return ['counts', { migrationId: event.migrationId, counts: event.counts }];
  }
}

function candidateEvent(event: Extract<ChangeEvent, { type: 'candidate' }>): wire.CandidateEvent {
  const { migrationId, candidateId, status, attempt, attention, updatedAt, removed } = event;
  return {
    migrationId,
    candidateId,
    status,
    ...(attempt === undefined ? {} : { attempt }),
    updatedAt,
    ...(attention === undefined ? {} : { attention }),
    ...(removed === undefined ? {} : { removed }),
  };
}
