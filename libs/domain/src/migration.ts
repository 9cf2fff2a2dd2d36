import { ATTENTION_KINDS, type AttentionKind } from './status';
import type { StepDefinition } from './step';

/** A value that an operator supplies when a candidate is queued or started. */
export interface InputDefinition {
  name: string;
  label: string;
  description?: string;
}

/** What a migrator announces: how to move a candidate from one state to another. */
export interface MigrationDefinition {
  id: string;
  name: string;
  description: string;
  /** Paragraphs for the migration's page, one high-level phase each. */
  overview?: string[];
  migratorApp: string;
  migratorUrl: string;
  steps: StepDefinition[];
  requiredInputs?: InputDefinition[];
}

/** Candidates of a migration by status; `attention` counts those in which a person must act. */
export interface Counts {
  not_started: number;
  queued: number;
  running: number;
  completed: number;
  total: number;
  attention: number;
  /** Sums up to `attention`. */
  attentionByKind: Record<AttentionKind, number>;
}

/** How many candidates may be running at the same time; nothing is ended where more are. */
export interface RunLimits {
  /** Absent: any number. */
  maxRunning?: number;
}

/** Since when dispatch waits, by whose wish, and why. */
export interface Pause {
  at: string;
  by: string;
  reason?: string;
}

/** When a migration was archived, by whom, and why. */
export interface Archived {
  at: string;
  by: string;
  reason?: string;
}

/** Since when no connection to a migrator app can be made, and why the last one could not. */
export interface Unreachable {
  since: string;
  detail: string;
}

/** A registered definition with what the server keeps about it. Times are ISO 8601 in UTC. */
export interface Migration extends MigrationDefinition {
  /** Grows by one with each announce that changes the definition. */
  revision: number;
  createdAt: string;
  updatedAt: string;
  lastAnnouncedAt: string;
  counts: Counts;
  /** Absent where none is set. */
  limits?: RunLimits;
  /** While its migrator app cannot be reached. */
  migratorUnreachable?: Unreachable;
  /** It is left out of lists and sums, and nothing of it starts; nothing of it is queued or running. */
  archived?: Archived;
  /** While its runs wait with their next dispatch; `all`: those of every migration do. */
  paused?: Pause & { scope: 'migration' | 'all' };
}

/** Counts of a migration without candidates. */
export function noCounts(): Counts {
  const attentionByKind = noAttention();
  return { not_started: 0, queued: 0, running: 0, completed: 0, total: 0, attention: 0, attentionByKind };
}

/** Counts of attention where nothing needs any. */
export function noAttention(): Record<AttentionKind, number> {
  return Object.fromEntries(ATTENTION_KINDS.map((kind) => [kind, 0])) as Record<AttentionKind, number>;
}
