import type * as wire from '@loom/api-types';
import { present, type AuditEntry, type RunAttempt } from '@loom/domain';
import type { AuditFilter } from '@loom/ports';
import { csvLine } from './export-csv';
import type { ExportFile } from './export-stream';
import { stepToWire } from './to-wire';
import type { Input } from './validate';

/** Field by field, as everything that leaves. */
export function auditToWire(entry: AuditEntry): wire.AuditEntry {
  const { id, at, actor, action, migrationId, candidateId, runId, runAttempt } = entry;
  const { before, after, reason, requestId, from } = entry;
  const subject = { migrationId, candidateId, runId, runAttempt };
  return {
    id,
    at,
    actor: { id: actor.id, role: actor.role },
    action,
    ...present({ ...subject, before, after, reason, requestId, from }),
  };
}

/** The filter that a list and an export have in common. */
export function auditFilter(query: Input<'exportAudit'>['query'] | Input<'listAudit'>['query']): AuditFilter {
  const { migrationId, candidateId, actor, action, since, until } = query;
  return present({ migrationId, candidateId, actor, action, since, until });
}

const COLUMNS = [
  ...['id', 'at', 'actor', 'role', 'action', 'migrationId', 'candidateId', 'runId', 'runAttempt'],
  ...['before', 'after', 'reason', 'requestId', 'from'],
];

/** The audit as a file: a line an entry. */
export const AUDIT_FILES: Record<wire.ExportFormat, ExportFile<AuditEntry>> = {
  csv: {
    name: 'audit.csv',
    contentType: 'text/csv; charset=utf-8; header=present',
    head: csvLine(COLUMNS),
    line: ({ id, at, actor, action, migrationId, candidateId, runId, runAttempt, ...rest }) => {
      const { before, after, reason, requestId, from } = rest;
      const subject = [action, migrationId, candidateId, runId, runAttempt, before, after];
      return csvLine([id, at, actor.id, actor.role, ...subject, reason, requestId, from]);
    },
  },
  ndjson: {
    name: 'audit.ndjson',
    contentType: 'application/x-ndjson; charset=utf-8',
    head: '',
    line: (entry) => `${JSON.stringify(auditToWire(entry))}\n`,
  },
};

export function attemptToWire(run: RunAttempt): wire.RunAttempt {
  const { attempt, outcome, startedAt, endedAt, cancelledBy, reason, steps } = run;
  const told = present({ startedAt, endedAt, cancelledBy, reason });
  return { attempt, outcome, ...told, steps: steps.map(stepToWire) };
}
