import type { AuditEntry } from '@loom/domain';
import { auditScope, decodeAuditCursor } from '../audit-cursor';
import type { AuditDraft, AuditFilter, AuditQuery, AuditStore } from '../audit-store';
import { encodeCursor } from '../cursor';
import type { Page } from '../page';
import type { MemoryState } from './memory-state';

/** The audit log in the memory of one process. */
export class MemoryAuditStore implements AuditStore {
  constructor(private readonly state: MemoryState) {}

  async append({
    action,
    migrationId,
    candidateId,
    runAttempt,
    before,
    after,
    ...by
  }: AuditDraft): Promise<boolean> {
    await Promise.resolve();
    if (this.state.find(migrationId, candidateId) === undefined) return false;
    const change = { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
    this.state.audit.add(migrationId, action, { candidateId, runAttempt, ...change }, by);
    return true;
  }

  async list({ limit, cursor, ...filter }: AuditQuery): Promise<Page<AuditEntry>> {
    await Promise.resolve();
    const below = decodeAuditCursor(filter, cursor);
    const newestFirst = [...this.state.audit.kept].reverse();
    const from = below === '' ? 0 : newestFirst.findIndex(({ position }) => isBelow(position, below));
    const rest = from < 0 ? [] : newestFirst.slice(from).filter(({ entry }) => matches(entry, filter));
    const shown = rest.slice(0, limit);
    const rows = shown.map(({ entry }) => structuredClone(entry));
    const last = shown.at(-1);
    return rest.length > limit && last !== undefined
      ? { rows, nextCursor: encodeCursor(auditScope(filter), [`(${last.position}`]) }
      : { rows };
  }
}

function isBelow(position: string, bound: string): boolean {
  const [ms = 0, number = 0] = position.split('-').map(Number);
  const [boundMs = 0, boundNumber = 0] = bound.slice(1).split('-').map(Number);
  return ms < boundMs || (ms === boundMs && number < boundNumber);
}

function matches(
  entry: AuditEntry,
  { migrationId, candidateId, actor, action, since, until }: AuditFilter,
): boolean {
  return (
    (migrationId === undefined || entry.migrationId === migrationId) &&
    (candidateId === undefined || entry.candidateId === candidateId) &&
    (actor === undefined || entry.actor.id === actor) &&
    (action === undefined || entry.action === action) &&
    (since === undefined || Date.parse(entry.at) >= Date.parse(since)) &&
    (until === undefined || Date.parse(entry.at) <= Date.parse(until))
  );
}
