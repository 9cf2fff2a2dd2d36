import type { Posted } from './ledger-migrator';
import type { Performed } from './random-operations';

/** All that is known of one candidate when it has come to rest. */
export interface Evidence {
  performed: readonly Performed[];
  /** POSTs for this candidate, in order. */
  posts: readonly Posted[];
  status: string;
  /** Of the run that stands there, if any. */
  attempt: number | undefined;
  /** Attempt numbers of the cancelled attempts. */
  cancelled: readonly number[];
  workflowOpen: boolean;
}

const DOCUMENTED: Record<string, readonly (number | 'lost')[]> = {
  start: [202, 409, 503, 'lost'],
  queue: [202, 409, 503, 'lost'],
  dequeue: [204, 409, 503, 'lost'],
  execute: [202, 409, 503, 'lost'],
  cancel: [204, 409, 503, 'lost'],
  retry: [202, 400, 409, 503, 'lost'],
  event: [202, 409, 503, 'lost'],
  oldEvent: [202, 409, 503, 'lost'],
};

/** Every way in which the evidence contradicts the domain; empty when it holds. */
export function violations(evidence: Evidence): string[] {
  return [
    ...answers(evidence),
    ...attempts(evidence),
    ...cancels(evidence),
    ...order(evidence),
    ...causes(evidence),
  ];
}

function answers({ performed }: Evidence): string[] {
  return performed
    .filter(({ operation, status }) => !DOCUMENTED[operation]?.includes(status))
    .map(({ operation, status, code }) => `${operation} answered ${status} ${code ?? ''}`);
}

/** A conflict names an attempt too, the one that it met; only an accepted start tells a new one. */
function isStarted({ operation, status }: Performed): boolean {
  return (operation === 'start' || operation === 'execute') && status === 202;
}

function attempts({ performed, status, attempt, cancelled, workflowOpen }: Evidence): string[] {
  const found: string[] = [];
  const numbers = performed.filter(isStarted).map((one) => one.attempt ?? 0);
  if (new Set(numbers).size !== numbers.length)
    found.push(`two starts were told the same attempt: ${numbers.join(', ')}`);
  const accounted = new Set([...cancelled, ...(attempt === undefined ? [] : [attempt])]);
  for (const number of numbers)
    if (!accounted.has(number)) found.push(`attempt ${number} was accepted and left no trace`);
  if (status === 'running') found.push('the candidate did not come to rest');
  if (workflowOpen) found.push(`a workflow is open for a candidate that is ${status}`);
  return found;
}

function cancels({ performed, status, attempt, cancelled }: Evidence): string[] {
  const found: string[] = [];
  if (new Set(cancelled).size !== cancelled.length)
    found.push(`an attempt was recorded as cancelled twice: ${cancelled.join(', ')}`);
  const acknowledged = performed.some((one) => one.operation === 'cancel' && one.status === 204);
  if (acknowledged && cancelled.length === 0)
    found.push('a cancel was acknowledged and left no cancelled attempt');
  found.push(...unreflected(performed, cancelled));
  if (status === 'completed' && attempt !== undefined && cancelled.includes(attempt))
    found.push(`attempt ${attempt} is cancelled and completed`);
  return found;
}

/**
 * A cancel asked alone met the newest attempt told before it, or a later one whose start lost its answer; but none
 * that a start was told afterwards. So these intervals do not overlap, and each holds a cancelled attempt.
 */
function unreflected(performed: readonly Performed[], cancelled: readonly number[]): string[] {
  // A conflict names the attempt that it met, which may be the cancelled one: only what was accepted bounds it.
  const told = performed.filter(isStarted).map(({ attempt }) => attempt ?? 0);
  const sinces = new Set(performed.flatMap(({ since }) => (since === undefined ? [] : [since])));
  return [...sinces].flatMap((since) => {
    const next = Math.min(...told.filter((attempt) => attempt > since));
    if (cancelled.some((attempt) => attempt >= since && attempt < next)) return [];
    return [`a cancel of attempt ${since} or later was acknowledged, and none below ${next} is cancelled`];
  });
}

function order({ posts }: Evidence): string[] {
  const found: string[] = [];
  let last: Posted | undefined;
  for (const post of posts) {
    const { runAttempt, stepIndex, attempt, key } = post;
    if (!key.endsWith(`/${runAttempt}/${stepIndex}/${attempt}`))
      found.push(`the key ${key} does not name its step attempt`);
    if (last !== undefined && before(post, last))
      found.push(`a POST of ${place(post)} came after one of ${place(last)}`);
    last = post;
  }
  return found;
}

/** Nothing happens that nobody asked for: a next step needs a success, a next step attempt a retry. */
function causes({ performed, posts }: Evidence): string[] {
  const found: string[] = [];
  const said = (runAttempt: number, stepIndex: number, statuses: readonly string[]): boolean =>
    performed.some(
      ({ event, status }) =>
        event?.runAttempt === runAttempt &&
        event.stepIndex === stepIndex &&
        statuses.includes(event.said) &&
        (status === 202 || status === 'lost' || status === 503),
    );
  const retries = performed.filter(
    ({ operation, status }) => operation === 'retry' && status !== 400 && status !== 409,
  ).length;
  let stepAttempts = 0;
  const seen = new Set<string>();
  for (const post of posts) {
    if (seen.has(place(post))) continue;
    seen.add(place(post));
    if (post.attempt > 1) stepAttempts += 1;
    if (post.stepIndex > 0 && !said(post.runAttempt, post.stepIndex - 1, ['completed', 'merged']))
      found.push(`${place(post)} was dispatched though no one reported success before it`);
  }
  if (stepAttempts > retries) found.push(`${stepAttempts} step attempts were retried by ${retries} retries`);
  return found;
}

function before(a: Posted, b: Posted): boolean {
  if (a.runAttempt !== b.runAttempt) return a.runAttempt < b.runAttempt;
  return a.stepIndex === b.stepIndex ? a.attempt < b.attempt : a.stepIndex < b.stepIndex;
}

function place({ runAttempt, stepIndex, attempt }: Posted): string {
  return `run attempt ${runAttempt}, step ${stepIndex}, attempt ${attempt}`;
}
