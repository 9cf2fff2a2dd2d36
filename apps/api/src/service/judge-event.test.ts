import { markOf, type RunRecord, type StepEvent, type StepState } from '@loom/domain';
import { judge } from './judge-event';

const AT = '2026-01-01T00:00:00.000Z';
const event: StepEvent = { stepName: 'b', candidateId: 'c', status: 'completed' };
const at = (over: Partial<Record<'runAttempt' | 'stepIndex' | 'attempt', number>> = {}) => ({
  runId: 'm__c',
  runAttempt: 2,
  stepIndex: 1,
  attempt: 3,
  ...over,
});
const run = (over: Partial<RunRecord> = {}, step: Partial<StepState> = {}): RunRecord => ({
  runId: 'm__c',
  migrationId: 'm',
  candidateId: 'c',
  status: 'running',
  attempt: 2,
  inputs: {},
  updatedAt: AT,
  seq: 4,
  currentStep: 1,
  nonce: 'n',
  steps: [
    { stepName: 'a', status: 'merged', attempt: 1 },
    { stepName: 'b', status: 'open', attempt: 3, ...step },
    { stepName: 'c', status: 'not_started', attempt: 0 },
  ],
  ...over,
});

describe('judge', () => {
  it('passes on what the run waits for', () => {
    expect(judge(run(), at(), event)).toBe('signal');
    expect(judge(run({}, { status: 'in_progress' }), at(), event)).toBe('signal');
    expect(judge(run({}, { status: 'awaiting_review' }), at(), event)).toBe('signal');
  });

  it.each([
    ['a later run attempt', at({ runAttempt: 3 }), event],
    ['a later step attempt', at({ attempt: 4 }), event],
    ['a later step', at({ stepIndex: 2, attempt: 1 }), { ...event, stepName: 'c' }],
  ])('passes on what is ahead of the record: %s', (_what, address, ahead) => {
    expect(judge(run(), address, ahead)).toBe('signal');
  });

  it('passes on an event whose dispatch is not yet on record', () => {
    const reserved = run({
      seq: 0,
      currentStep: 0,
      steps: [{ stepName: 'b', status: 'not_started', attempt: 0 }],
    });
    expect(judge(reserved, at({ stepIndex: 0, attempt: 1 }), event)).toBe('signal');
  });

  it.each([
    ['there is no run', undefined, at()],
    ['the candidate is queued again', run({ status: 'queued', attempt: 0, steps: [] }), at()],
    ['the run is completed', run({ status: 'completed' }), at()],
    ['the run attempt is over', run(), at({ runAttempt: 1 })],
    ['the step attempt is over', run(), at({ attempt: 2 })],
    ['the step is over', run({ currentStep: 2 }), at()],
    ['the step attempt failed', run({}, { status: 'failed' }), at()],
    ['the step attempt completed', run({}, { status: 'completed' }), at()],
    ['the step has another name', run(), at({ stepIndex: 0, attempt: 1 })],
    ['there is no such step', run(), at({ stepIndex: 7 })],
  ])('calls it old when %s', (_why, record, address) => {
    expect(judge(record, address, event)).toBe('old');
  });

  it.each([run({}, { status: 'completed' }), run({ status: 'completed' }), run({ currentStep: 2 }), run()])(
    'knows an exact repeat of the last accepted event (%#)',
    (record) => {
      const steps = record.steps.map((step) =>
        step.stepName === 'b' ? { ...step, lastEvent: markOf(event) } : step,
      );
      expect(judge({ ...record, steps }, at(), event)).toBe('repeat');
      expect(judge({ ...record, steps }, at({ attempt: 2 }), event)).toBe('old');
    },
  );

  it('knows a repeat by its event id alone', () => {
    const lastEvent = markOf({ ...event, eventId: 'e1' });
    const record = run({}, { status: 'completed', lastEvent });
    expect(judge(record, at(), { ...event, eventId: 'e1', reason: 'said otherwise' })).toBe('repeat');
    expect(judge(record, at(), { ...event, eventId: 'e2' })).toBe('old');
  });
});
