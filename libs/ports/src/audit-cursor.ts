import { InvalidRequestError } from '@loom/domain';
import type { AuditFilter } from './audit-store';
import { decodeCursor, type CursorScope } from './cursor';

/** A position in a stream, with a bracket where it is to be passed over. */
const POSITION = /^\(?\d{1,15}-\d{1,15}$/;

/** A cursor of the audit belongs to its filter. */
export function auditScope({
  migrationId,
  candidateId,
  actor,
  action,
  since,
  until,
}: AuditFilter): CursorScope {
  return { list: 'audit', of: { migrationId, candidateId, actor, action, since, until }, key: ['text'] };
}

/** The position inside a cursor of this filter; '' when there is no cursor. @throws InvalidRequestError */
export function decodeAuditCursor(filter: AuditFilter, cursor: string | undefined): string {
  const [position] = decodeCursor(auditScope(filter), cursor) ?? [''];
  const text = String(position);
  if (cursor !== undefined && !POSITION.test(text))
    throw new InvalidRequestError('the cursor is not usable', [
      { pointer: 'cursor', message: 'is not a cursor' },
    ]);
  return text;
}
