import { createHash } from 'node:crypto';
import {
  runId,
  noAttention,
  staleAttention,
  type Archived,
  type Attention,
  type AttentionKind,
  type Candidate,
  type CandidateRow,
  type CandidateStatus,
  type Counts,
  type Pause,
  type RunRecord,
  type StepState,
} from '@loom/domain';
import type { RunHead } from '@loom/ports';

/** The head of a run as lua/head.lua keeps it: scalars only. */
interface Head {
  s: CandidateStatus;
  n?: number;
  /** The highest run attempt number ever taken. */
  last?: number;
  seq?: number;
  nonce?: string;
  q?: string;
  st?: string;
  c?: string;
  u?: string;
  /** When the row changed last. */
  t: string;
  x?: string;
  cur?: number;
  ca?: string;
  cb?: string;
  cr?: string;
  /** Attention: kind, and since when, in ms. */
  ak?: AttentionKind;
  as?: number;
  /** Last sign of life of the current step, in ms. */
  lh?: number;
  /** Since when it is held. */
  h?: string;
}

/** The texts that a candidate is stored as. */
export interface StoredTexts {
  stored: string;
  head: string | undefined;
  view: string | undefined;
}

interface ViewLine {
  inputs: Record<string, string>;
  attention?: Attention;
}

/** Lines of JSON, so that a script can compare steps without decoding them. */
export function encodeView(view: ViewLine & { steps: readonly StepState[] }): string {
  const { inputs, attention, steps } = view;
  const first = attention === undefined ? { inputs } : { inputs, attention };
  return [first, ...steps].map((line) => JSON.stringify(line)).join('\n');
}

/** The run in these texts; undefined while not_started. */
export function decodeRun(
  migrationId: string,
  candidateId: string,
  headText: string | undefined,
  viewText: string | undefined,
): RunRecord | undefined {
  const head = headText === undefined ? undefined : (JSON.parse(headText) as Head);
  if (head === undefined || head.s === 'not_started') return undefined;
  const [first = '{}', ...lines] = (viewText ?? '{"inputs":{}}').split('\n');
  const { inputs, ...line } = JSON.parse(first) as ViewLine;
  const steps = lines.map((text) => JSON.parse(text) as StepState);
  const attention = line.attention ?? staleIn(head, steps);
  const { ca, cb, cr } = head;
  return {
    runId: runId(migrationId, candidateId),
    migrationId,
    candidateId,
    status: head.s,
    attempt: head.n ?? 0,
    inputs,
    ...(head.q === undefined ? {} : { queuedAt: head.q }),
    ...(head.st === undefined ? {} : { startedAt: head.st }),
    ...(head.c === undefined ? {} : { completedAt: head.c }),
    updatedAt: head.u ?? head.t,
    ...(head.x === undefined ? {} : { executionId: head.x }),
    ...(ca === undefined
      ? {}
      : { cancel: { at: ca, by: cb ?? '', ...(cr === undefined ? {} : { reason: cr }) } }),
    seq: head.seq ?? 0,
    steps,
    currentStep: head.cur ?? 0,
    ...(head.lh === undefined ? {} : { lastSignAt: new Date(head.lh).toISOString() }),
    ...(attention === undefined ? {} : { attention }),
    ...(head.h === undefined ? {} : { heldSince: head.h }),
    nonce: head.nonce ?? '',
  };
}

/** Where a run stands, from its head alone. */
export function decodeHead(
  migrationId: string,
  candidateId: string,
  headText: string,
  isWaiting = false,
): RunHead {
  const head: Partial<Head> = headText === '' ? {} : (JSON.parse(headText) as Head);
  return {
    migrationId,
    candidateId,
    status: head.s ?? 'not_started',
    runAttempt: head.n ?? 0,
    lastAttempt: head.last ?? 0,
    seq: head.seq ?? 0,
    ...(head.x === undefined ? {} : { executionId: head.x }),
    ...(head.st === undefined ? {} : { startedAt: head.st }),
    isCancelling: head.ca !== undefined,
    isWaiting,
    nonce: head.nonce ?? '',
  };
}

/** Silence is found by a script, which does not touch the view. */
function staleIn({ ak, as, cur = 0 }: Head, steps: readonly StepState[]): Attention | undefined {
  const step = steps[cur];
  if (ak !== 'stale' || as === undefined || step === undefined) return undefined;
  return staleAttention(step, new Date(as).toISOString());
}

/** A candidate's row. */
export function decodeRow(migrationId: string, { stored, head, view }: StoredTexts): CandidateRow {
  const line = stored.indexOf('\n');
  const candidate = JSON.parse(stored.slice(line + 1)) as Candidate;
  const standing = head === undefined ? undefined : (JSON.parse(head) as Head);
  const run = decodeRun(migrationId, candidate.id, head, view);
  return {
    candidate,
    status: standing?.s ?? 'not_started',
    updatedAt: standing?.t ?? stored.slice(0, line),
    ...(run === undefined ? {} : { run }),
  };
}

/** What lua/reserve.lua compares: the candidate and, while queued, the inputs that a reservation takes over. */
export function versionOf({ stored, head, view }: StoredTexts): string {
  const content = stored.slice(stored.indexOf('\n') + 1);
  const isQueued = head !== undefined && (JSON.parse(head) as Head).s === 'queued';
  return sha1(isQueued ? `${content}\0${view ?? ''}` : content);
}

/** Attempt number of a head; undefined when nothing stands there. */
export function attemptOf(head: string | undefined): number | undefined {
  return head === undefined ? undefined : (JSON.parse(head) as Head).n;
}

/**
 * Counts in the order of lua/keys.lua; what a summary has beyond them is left out. Those by kind are missing where they
 * were derived before there were any.
 */
export function decodeCounts(text: string): Counts {
  const [counts = ''] = text.split('\n');
  const [not_started = 0, queued = 0, running = 0, completed = 0, attention = 0, ...kinds] = counts
    .split(',')
    .map(Number);
  const total = not_started + queued + running + completed;
  const [step_failed = 0, awaiting_review = 0, stale = 0] = kinds;
  const attentionByKind = { ...noAttention(), step_failed, awaiting_review, stale };
  return { not_started, queued, running, completed, total, attention, attentionByKind };
}

/** What lua/keys.lua tells of a migration beside its definition. */
export interface Summary {
  counts: Counts;
  pause: Pause | undefined;
  archived: Archived | undefined;
  maxRunning: number | undefined;
}

/** A summary; one that was derived by an earlier version has fewer lines. */
export function decodeSummary(text: string): Summary {
  const [counts = '', , pause, archived = '', limit] = text.split('\n');
  return {
    counts: decodeCounts(counts),
    pause: decodePause(pause),
    archived: archived === '' ? undefined : (JSON.parse(archived) as Archived),
    maxRunning: decodeLimit(limit),
  };
}

/** How many may be running; undefined: any number. */
export function decodeLimit(text: string | null | undefined): number | undefined {
  return text === null || text === undefined || text === '' ? undefined : Number(text);
}

export function decodePause(text: string | null | undefined): Pause | undefined {
  return text === null || text === undefined || text === '' ? undefined : (JSON.parse(text) as Pause);
}

/** Milliseconds of a time, by which sorted sets order; 0 for what is none. */
export function millis(time: string | undefined): number {
  const parsed = Date.parse(time ?? '');
  return Number.isNaN(parsed) ? 0 : parsed;
}

export function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
