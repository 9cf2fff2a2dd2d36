import type { Actor } from './actor';
import { cutToJsonBytes, jsonBytes } from './json-bytes';

/** What is audited. The last five are Loom's own: they undo, finish or bring back what a crash left. */
export const AUDIT_ACTIONS = [
  'announce',
  'submit',
  'prune',
  'queue',
  'dequeue',
  'start',
  'execute',
  'update_inputs',
  'retry',
  'event',
  'cancel',
  'accept_attempts',
  'reset',
  'archive',
  'unarchive',
  'pause',
  'resume',
  'limit',
  'give_back',
  'restart',
  'settle_cancel',
  'restore',
  'repair',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** Who changed something: a principal, or with the role `system` a part of Loom. */
export interface AuditActor {
  id: string;
  role: Actor['role'] | 'system';
}

/** Who asks for a change, in which request, from where and why. Made where a request comes in; goes along to the store. */
export interface AuditContext {
  actor: AuditActor;
  requestId?: string;
  /** Address of the client. */
  from?: string;
  reason?: string;
}

/** The author of a change that nobody is named for. */
export const SYSTEM: AuditContext = { actor: { id: 'system', role: 'system' } };

/** One mutation. Entries are never edited or removed. */
export interface AuditEntry {
  /** Unique; opaque. */
  id: string;
  /** ISO 8601 in UTC, by the clock of the store that wrote it: within one migration it never runs backwards. */
  at: string;
  actor: AuditActor;
  action: AuditAction;
  migrationId?: string;
  candidateId?: string;
  runId?: string;
  runAttempt?: number;
  /** A few fields of what changed, before and after: a status with its attempt, a revision, inputs, counts. */
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
  reason?: string;
  requestId?: string;
  from?: string;
}

/** Bytes of JSON that one input, and all of an entry, take in the audit; the run itself keeps them whole. */
const INPUT_BYTES = 256;
const INPUTS_BYTES = 8 * 1024;
const REASON_BYTES = 4 * 1024;

/** Inputs as an audit entry tells them: long values cut, and beyond 8 KiB only the names. */
export function auditedInputs(inputs: Readonly<Record<string, string>>): Record<string, string> {
  let bytes = 0;
  const told = Object.entries(inputs).map(([name, value]): [string, string] => {
    const cut = cutToJsonBytes(value, INPUT_BYTES);
    bytes += jsonBytes(name) + jsonBytes(cut);
    return [name, bytes > INPUTS_BYTES ? '…' : cut];
  });
  return Object.fromEntries(told);
}

/** A reason as an audit entry tells it: of a long one the first 4 KiB. */
export function auditedReason(reason: string): string {
  return cutToJsonBytes(reason, REASON_BYTES);
}

/** A change of inputs as an audit entry tells it: the given ones, with what they were before where they were something. */
export function auditedInputChange(
  inputs: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>>,
): Pick<AuditEntry, 'before' | 'after'> {
  const were = Object.fromEntries(Object.entries(inputs).filter(([name]) => Object.hasOwn(given, name)));
  const after = { inputs: auditedInputs(given) };
  return Object.keys(were).length === 0 ? { after } : { before: { inputs: auditedInputs(were) }, after };
}
