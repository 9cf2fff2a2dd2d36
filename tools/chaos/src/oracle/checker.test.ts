import { isClean, judge } from './checker';
import type { Evidence } from './evidence';
import { keyOf, type LedgerEntry, type LedgerPost } from './ledger';

const STEPS = ['one', 'two'];
const RUNS = ['m__a', 'm__b', 'm__c'];

function post(runId: string, stepIndex: number, more: Partial<LedgerPost> = {}): LedgerPost {
  const { runAttempt = 1, attempt = 1 } = more;
  return {
    kind: 'post',
    at: 100 * stepIndex,
    runId,
    candidateId: runId.slice(3),
    runAttempt,
    stepIndex,
    stepName: STEPS[stepIndex] ?? '',
    attempt,
    key: keyOf(runId, runAttempt, stepIndex, attempt),
    digest: `${runId} ${stepIndex}`,
    callbackId: `${runId}~${stepIndex}`,
    ...more,
  };
}

function report(runId: string, stepIndex: number, sentAt = 100 * stepIndex + 50): LedgerEntry {
  const key = keyOf(runId, 1, stepIndex, 1);
  return { kind: 'report', at: sentAt + 5, sentAt, key, said: 'completed', stray: false, status: 202 };
}

/** Three runs of two steps, all well; `change` makes it otherwise. */
function evidence(change: Partial<Evidence> = {}): Evidence {
  return {
    promised: RUNS.map((runId) => ({ runId, runAttempt: 1, steps: STEPS })),
    ledger: RUNS.flatMap((runId) => [post(runId, 0), report(runId, 0), post(runId, 1), report(runId, 1)]),
    shown: RUNS.map((runId) => ({
      runId,
      status: 'completed',
      runAttempt: 1,
      steps: STEPS.map((stepName) => ({ stepName, status: 'completed', attempt: 1 })),
    })),
    executions: RUNS.map((runId) => ({ runId, executionId: 'x', status: 'COMPLETED', failedTasks: [] })),
    wrong: [],
    ...change,
  };
}

const CLEAN = { lost: [], duplicated: [], stuck: [], wrong: [], repeats: 0 };

it('finds nothing where all is well', () => {
  expect(judge(evidence())).toEqual(CLEAN);
  expect(isClean(judge(evidence()))).toBe(true);
});

it('allows repeats with the same key and body, and counts them', () => {
  const verdict = judge(evidence({ ledger: [...evidence().ledger, post('m__a', 1), post('m__b', 0)] }));
  expect(verdict).toEqual({ ...CLEAN, repeats: 2 });
  expect(isClean(verdict)).toBe(true);
});

it.each(evidence().ledger.flatMap((entry, index) => (entry.kind === 'post' ? [[entry.key, index]] : [])))(
  'finds that the effect %s was lost',
  (key, index) => {
    const verdict = judge(evidence({ ledger: evidence().ledger.filter((_, i) => i !== index) }));
    expect(verdict).toEqual({ ...CLEAN, lost: [`${key}: the migrator never saw it`] });
    expect(isClean(verdict)).toBe(false);
  },
);

it.each([
  ['another body', post('m__a', 1, { digest: 'other' }), 'sent 2 times, with different bodies'],
  ['another key', post('m__a', 1, { key: 'k' }), 'sent with the keys m__a/1/1/1, k'],
  ['a second step attempt', post('m__a', 1, { attempt: 2 }), 'm__a/1/1/2: nobody asked for it'],
  ['a second run attempt', post('m__a', 0, { runAttempt: 2 }), 'm__a/2/0/1: nobody asked for it'],
  ['a step that is not planned', post('m__a', 2), 'm__a/1/2/1: nobody asked for it'],
  ['a run that nobody started', post('m__z', 0), 'm__z: dispatched, and nobody had started it'],
])('finds an effect that was doubled by %s', (_, extra, says) => {
  const verdict = judge(evidence({ ledger: [...evidence().ledger, extra] }));
  expect(verdict).toEqual({ ...CLEAN, duplicated: [expect.stringContaining(says)] });
  expect(isClean(verdict)).toBe(false);
});

it('finds a step that went on before anybody had reported', () => {
  const ledger = [post('m__a', 0), post('m__a', 1), report('m__a', 0, 500), report('m__a', 1, 600)];
  const { duplicated } = judge(evidence({ ledger: [...evidence().ledger.slice(4), ...ledger] }));
  expect(duplicated).toEqual(['m__a/1/1/1: dispatched before the step before it was done']);
});

it.each([
  ['running', 'stuck', 'm__b: still running, at no step'],
  ['not_started', 'lost', 'm__b: its start was accepted, and it is not_started'],
  ['queued', 'lost', 'm__b: its start was accepted, and it is queued'],
] as const)('finds a promised run that is %s', (status, where, says) => {
  const shown = evidence().shown.map((one) => (one.runId === 'm__b' ? { ...one, status } : one));
  expect(judge(evidence({ shown }))).toEqual({ ...CLEAN, [where]: [says] });
});

it('finds a promised run that is not there, and one that is completed with a step not done', () => {
  const [a, b] = evidence().shown;
  if (a === undefined || b === undefined) throw new Error('there are three');
  const steps = b.steps.with(1, { stepName: 'two', status: 'in_progress', attempt: 1 });
  expect(judge(evidence({ shown: [a, { ...b, steps }] })).lost).toEqual([
    'm__b: completed, with two not done',
    'm__c: its start was accepted, and it is not there',
  ]);
});

it('finds a run attempt that nobody was promised', () => {
  const shown = evidence().shown.map((one) => (one.runId === 'm__b' ? { ...one, runAttempt: 2 } : one));
  expect(judge(evidence({ shown })).duplicated).toEqual(['m__b: run attempt 1 was promised, 2 is there']);
});

it.each([
  ['RUNNING', { stuck: ['m__c: its workflow is still open'] }],
  ['FAILED', { wrong: ['m__c: its executions ended as FAILED'] }],
])('finds an execution that is %s', (status, found) => {
  const executions = evidence().executions.map((one) => (one.runId === 'm__c' ? { ...one, status } : one));
  expect(judge(evidence({ executions }))).toEqual({ ...CLEAN, ...found });
});

it('finds a second execution, a missing one, one of a run that nobody started, and a task that failed', () => {
  const [a, b] = evidence().executions;
  if (a === undefined || b === undefined) throw new Error('there are three');
  const failed = { ...a, failedTasks: ['UNHANDLED_COMMAND', 'NON_DETERMINISTIC_ERROR'] };
  const verdict = judge(
    evidence({ executions: [failed, b, { ...b, executionId: 'y' }, { ...b, runId: 'm__z' }] }),
  );
  expect(verdict).toEqual({
    ...CLEAN,
    lost: ['m__c: Temporal has no execution of it'],
    wrong: [
      'm__a (x): a workflow task failed: NON_DETERMINISTIC_ERROR',
      'm__b: its executions ended as COMPLETED, COMPLETED',
      'm__z: executed, and nobody had started it',
    ],
  });
});

it('takes several executions that continue one another for one', () => {
  const [a, ...others] = evidence().executions;
  if (a === undefined) throw new Error('there are three');
  const executions = [{ ...a, executionId: 'w', status: 'CONTINUED_AS_NEW' }, a, ...others];
  expect(judge(evidence({ executions }))).toEqual(CLEAN);
});

it('keeps what was found on the way', () => {
  const verdict = judge(evidence({ wrong: ['counts and scan differ'] }));
  expect(verdict).toEqual({ ...CLEAN, wrong: ['counts and scan differ'] });
  expect(isClean(verdict)).toBe(false);
});
