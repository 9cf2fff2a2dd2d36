import type { Evidence, Execution, Promised, ShownRun, Verdict } from './evidence';
import { keyOf, type LedgerEntry, type LedgerPost, type LedgerReport } from './ledger';

/** What a workflow task may fail of without a defect: a signal came in while it was being completed. */
const EXPLAINED_TASK_FAILURES = new Set(['UNHANDLED_COMMAND']);
const DONE = new Set(['completed', 'merged']);

/**
 * Holds what the migrator saw against what was promised, what the api shows and what Temporal kept. Each run is to
 * have one effect a step, at its first step attempt, in order.
 */
export function judge(evidence: Evidence): Verdict {
  const verdict: Verdict = { lost: [], duplicated: [], stuck: [], wrong: [...evidence.wrong], repeats: 0 };
  const posts = groupBy(evidence.ledger.filter(isPost), ({ runId }) => runId);
  const shown = new Map(evidence.shown.map((one) => [one.runId, one]));
  const executions = groupBy(evidence.executions, ({ runId }) => runId);
  const reports = groupBy(evidence.ledger.filter(isReport), ({ key }) => key);
  const promised = new Map(evidence.promised.map((one) => [one.runId, one]));
  for (const run of promised.values()) {
    judgeShown(run, shown.get(run.runId), verdict);
    judgeEffects(run, posts.get(run.runId) ?? [], reports, verdict);
    judgeExecutions(run, executions.get(run.runId) ?? [], verdict);
  }
  for (const runId of posts.keys())
    if (!promised.has(runId)) verdict.duplicated.push(`${runId}: dispatched, and nobody had started it`);
  for (const runId of executions.keys())
    if (!promised.has(runId)) verdict.wrong.push(`${runId}: executed, and nobody had started it`);
  return verdict;
}

/** True where nothing is wrong. */
export function isClean({ lost, duplicated, stuck, wrong }: Verdict): boolean {
  return lost.length + duplicated.length + stuck.length + wrong.length === 0;
}

function judgeShown(run: Promised, shown: ShownRun | undefined, verdict: Verdict): void {
  if (shown === undefined || (shown.status !== 'completed' && shown.status !== 'running')) {
    verdict.lost.push(`${run.runId}: its start was accepted, and it is ${shown?.status ?? 'not there'}`);
    return;
  }
  const at = shown.steps.find(({ status }) => !DONE.has(status));
  if (shown.status === 'running')
    verdict.stuck.push(
      `${run.runId}: still running, at ${at === undefined ? 'no step' : `${at.stepName} (${at.status})`}`,
    );
  else if (at !== undefined || shown.steps.length !== run.steps.length)
    verdict.lost.push(`${run.runId}: completed, with ${at?.stepName ?? 'its steps'} not done`);
  if (shown.runAttempt !== run.runAttempt)
    verdict.duplicated.push(
      `${run.runId}: run attempt ${run.runAttempt} was promised, ${shown.runAttempt ?? 'none'} is there`,
    );
}

function judgeEffects(
  run: Promised,
  posts: readonly LedgerPost[],
  reports: ReadonlyMap<string, readonly LedgerReport[]>,
  verdict: Verdict,
): void {
  const expected = run.steps.map((_, step) => keyOf(run.runId, run.runAttempt, step, 1));
  const byPlace = groupBy(posts, ({ runId, runAttempt, stepIndex, attempt }) =>
    keyOf(runId, runAttempt, stepIndex, attempt),
  );
  for (const place of expected)
    if (!byPlace.has(place)) verdict.lost.push(`${place}: the migrator never saw it`);
  for (const [place, same] of byPlace) {
    if (!expected.includes(place)) verdict.duplicated.push(`${place}: nobody asked for it`);
    const keys = new Set(same.map(({ key }) => key));
    if (keys.size > 1 || !keys.has(place))
      verdict.duplicated.push(`${place}: sent with the keys ${[...keys].join(', ')}`);
    else if (new Set(same.map(({ digest }) => digest)).size > 1)
      verdict.duplicated.push(`${place}: sent ${same.length} times, with different bodies`);
    else verdict.repeats += same.length - 1;
  }
  for (const [step, place] of expected.entries()) {
    const first = byPlace.get(place)?.[0];
    const cause = step === 0 ? undefined : reports.get(expected[step - 1] ?? '');
    if (first === undefined || cause === undefined) continue;
    const said = cause.some((one) => !one.stray && DONE.has(one.said) && one.sentAt <= first.at);
    if (!said) verdict.duplicated.push(`${place}: dispatched before the step before it was done`);
  }
}

function judgeExecutions(run: Promised, executions: readonly Execution[], verdict: Verdict): void {
  const statuses = executions.map(({ status }) => status).filter((one) => one !== 'CONTINUED_AS_NEW');
  if (executions.length === 0) verdict.lost.push(`${run.runId}: Temporal has no execution of it`);
  else if (statuses.includes('RUNNING')) verdict.stuck.push(`${run.runId}: its workflow is still open`);
  else if (statuses.join() !== 'COMPLETED')
    verdict.wrong.push(`${run.runId}: its executions ended as ${statuses.join(', ')}`);
  for (const { failedTasks, executionId } of executions)
    for (const cause of failedTasks)
      if (!EXPLAINED_TASK_FAILURES.has(cause))
        verdict.wrong.push(`${run.runId} (${executionId}): a workflow task failed: ${cause}`);
}

function isPost(entry: LedgerEntry): entry is LedgerPost {
  return entry.kind === 'post';
}

function isReport(entry: LedgerEntry): entry is LedgerReport {
  return entry.kind === 'report';
}

function groupBy<T>(all: readonly T[], keyOfOne: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOfOne(one));
    if (group === undefined) groups.set(keyOfOne(one), [one]);
    else group.push(one);
  }
  return groups;
}
