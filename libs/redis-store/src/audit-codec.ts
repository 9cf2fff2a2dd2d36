import {
  runId,
  SYSTEM,
  type AuditAction,
  type AuditActor,
  type AuditContext,
  type AuditEntry,
} from '@loom/domain';
import { textAt, textsAt, type Reply } from './script-runner';

type Fields = Record<string, unknown>;

/** What a store knows of a change besides its script, and which part of a submit a slice is. */
export interface AuthorDetail {
  before?: Fields;
  after?: Fields;
  part?: { s: number[]; k?: string } | { k: string; of: number };
}

/** The last argument of an audited script; see lua/author.lua. */
export function authorArg(by: AuditContext = SYSTEM, { before, after, part }: AuthorDetail = {}): string {
  const { actor, requestId, from, reason } = by;
  const author = {
    w: actor.id,
    o: actor.role,
    q: requestId,
    c: from,
    r: reason,
    b: before === undefined ? undefined : JSON.stringify(before),
    f: after === undefined ? undefined : JSON.stringify(after),
    part,
  };
  // A script's JSON decoder fails at half a surrogate pair.
  return JSON.stringify(author, (_key, value: unknown) =>
    typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\uFFFD') : value,
  );
}

/** An entry as lua/author.lua writes it: of a migration's audit stream, or one that is of none. */
export function decodeAudit(migrationId: string | undefined, entry: Reply): AuditEntry {
  const [position, text] = positioned(entry);
  const [candidateId, attempt, before, after] = [text('i'), text('n'), text('b'), text('f')];
  const [reason, requestId, from] = [text('r'), text('q'), text('c')];
  return {
    id: auditId({ migrationId: migrationId ?? '', position }),
    at: new Date(Number.parseInt(position, 10)).toISOString(),
    actor: { id: text('w'), role: text('o') as AuditActor['role'] },
    action: text('a') as AuditAction,
    ...(migrationId === undefined ? {} : { migrationId }),
    ...(candidateId === '' ? {} : { candidateId, runId: runId(migrationId ?? '', candidateId) }),
    ...(attempt === '' ? {} : { runAttempt: Number(attempt) }),
    ...(before === '' ? {} : { before: JSON.parse(before) as Fields }),
    ...(after === '' ? {} : { after: JSON.parse(after) as Fields }),
    ...(reason === '' ? {} : { reason }),
    ...(requestId === '' ? {} : { requestId }),
    ...(from === '' ? {} : { from }),
  };
}

/** The id of an entry, unique among those of all migrations. */
export function auditId({ migrationId, position }: { migrationId: string; position: string }): string {
  return `${migrationId}/${position}`;
}

/** What is derived of an entry: its position, candidate, actor and action. */
export function referenceArgs(entry: Reply): string[] {
  const [position, text] = positioned(entry);
  return [position, text('i'), text('w'), text('a')];
}

/** The entry that a reference names; undefined where it is no reference but an entry itself, of no migration. */
export function decodeReference(entry: Reply): { migrationId: string; position: string } | undefined {
  const [, text] = positioned(entry);
  return text('m') === '' ? undefined : { migrationId: text('m'), position: text('e') };
}

/** The position of a stream entry, and its fields by name. */
function positioned(entry: Reply): [string, (name: string) => string] {
  const reply = Array.isArray(entry) ? entry : [];
  const flat = textsAt(reply, 1);
  const fields = new Map<string, string>();
  for (let index = 0; index < flat.length; index += 2) fields.set(flat[index] ?? '', flat[index + 1] ?? '');
  return [textAt(reply, 0), (name) => fields.get(name) ?? ''];
}
