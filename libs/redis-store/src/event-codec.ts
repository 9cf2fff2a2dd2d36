import type { AttentionKind, CandidateStatus, StepState } from '@loom/domain';
import type { ChangeEvent, StreamEntry } from '@loom/ports';
import { decodeCounts } from './records';
import { textAt, textsAt, type Reply } from './script-runner';

/**
 * A stream entry as lua/events.lua writes it: `t` c candidate, s step, k counts; `i` candidate, `n` attempt, `s` status,
 * `a` attention, `r` removed, `u` updatedAt, `d` data, `m` migration (in the stream of all only).
 */
export function decodeEntry(entry: Reply, migrationId: string | undefined): StreamEntry {
  const reply = Array.isArray(entry) ? entry : [];
  const fields = fieldsOf(textsAt(reply, 1));
  return { position: textAt(reply, 0), event: eventOf(fields, migrationId ?? fields.get('m') ?? '') };
}

function fieldsOf(flat: string[]): Map<string, string> {
  const fields = new Map<string, string>();
  for (let index = 0; index < flat.length; index += 2) fields.set(flat[index] ?? '', flat[index + 1] ?? '');
  return fields;
}

function eventOf(fields: ReadonlyMap<string, string>, migrationId: string): ChangeEvent {
  const text = (name: string) => fields.get(name) ?? '';
  const candidateId = text('i');
  const attempt = Number(text('n'));
  switch (text('t')) {
    case 'k':
      return { type: 'counts', migrationId, counts: decodeCounts(text('d')) };
    case 's': {
      const step = JSON.parse(text('d')) as StepState;
      return { type: 'step', migrationId, candidateId, runAttempt: attempt, step };
    }
    default:
      return {
        type: 'candidate',
        migrationId,
        candidateId,
        status: text('s') as CandidateStatus,
        ...(attempt > 0 ? { attempt } : {}),
        ...(text('a') === '' ? {} : { attention: text('a') as AttentionKind }),
        updatedAt: text('u'),
        ...(text('r') === '' ? {} : { removed: true }),
      };
  }
}
