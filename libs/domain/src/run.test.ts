import { stepsFor } from './candidate';
import { attentionOf, plannedSteps, type StepState } from './run';
import { isSuccess, isTerminal, STEP_STATUSES } from './status';
import { duplicateStepName } from './step';

const step = (name: string) => ({ name, migratorApp: 'app' });

describe('the plan of a run', () => {
  it("is the candidate's own steps when it has any, else the migration's", () => {
    const definition = { steps: [step('a')] };
    expect(stepsFor(definition, { id: 'c', steps: [step('own')] })).toEqual([step('own')]);
    expect(stepsFor(definition, { id: 'c', steps: [] })).toEqual([step('a')]);
    expect(stepsFor(definition, { id: 'c' })).toEqual([step('a')]);
  });

  it('is visible before anything is dispatched', () => {
    expect(plannedSteps({ steps: [{ ...step('a'), type: 'manual-review', description: 'd' }] })).toEqual([
      { stepName: 'a', type: 'manual-review', description: 'd', status: 'not_started', attempt: 0 },
    ]);
  });

  it('never names a step twice', () => {
    expect(duplicateStepName([step('a'), step('b'), step('a')])).toBe('a');
    expect(duplicateStepName([step('a'), step('b')])).toBeUndefined();
  });
});

describe('attention', () => {
  const state = (over: Partial<StepState>): StepState => ({
    stepName: 'a',
    status: 'in_progress',
    attempt: 1,
    updatedAt: 't',
    ...over,
  });

  it('is asked for by a failed step, with its reason', () => {
    expect(attentionOf(state({ status: 'failed', reason: 'r' }))).toEqual({
      kind: 'step_failed',
      since: 't',
      detail: 'r',
    });
  });

  it('is asked for by a review that waits, with its instructions', () => {
    expect(attentionOf(state({ status: 'awaiting_review', metadata: { instructions: 'look' } }))).toEqual({
      kind: 'awaiting_review',
      since: 't',
      detail: 'look',
    });
  });

  it.each(STEP_STATUSES.filter((status) => status !== 'failed' && status !== 'awaiting_review'))(
    'is not asked for by %s',
    (status) => {
      expect(attentionOf(state({ status }))).toBeUndefined();
    },
  );
});

describe('step statuses', () => {
  it('end an attempt exactly when they are completed, merged or failed', () => {
    expect(STEP_STATUSES.filter(isTerminal)).toEqual(['completed', 'merged', 'failed']);
    expect(STEP_STATUSES.filter(isSuccess)).toEqual(['completed', 'merged']);
  });
});
