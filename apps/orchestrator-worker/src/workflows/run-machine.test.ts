import fc from 'fast-check';
import { STEP_EVENT_STATUSES, type AddressedStepEvent, type RunManifest } from '@loom/domain';
import { transition, type Message } from './run-machine';
import { initialState, type Phase, type RunState } from './run-state';

const AT = '2026-01-01T00:00:00.000Z';
const LATER = '2026-01-01T00:01:00.000Z';

const manifest = (steps = ['a', 'b', 'c']): RunManifest => ({
  runId: 'm__c',
  migrationId: 'm',
  candidate: { id: 'c' },
  steps: steps.map((name) => ({ name, migratorApp: 'app' })),
  inputs: { owner: 'x' },
  runAttempt: 2,
  nonce: 'n',
  reservedAt: AT,
});

const event = (over: Partial<AddressedStepEvent> = {}): AddressedStepEvent => ({
  stepName: 'a',
  candidateId: 'c',
  status: 'completed',
  runAttempt: 2,
  stepIndex: 0,
  attempt: 1,
  ...over,
});
const hear = (over: Partial<AddressedStepEvent> = {}): Message => ({ kind: 'stepEvent', event: event(over) });
const accepted = (stepIndex = 0, attempt = 1): Message => ({
  kind: 'dispatchAccepted',
  of: { stepIndex, attempt },
});
const refused = (reason = 'HTTP 404', stepIndex = 0, attempt = 1): Message => ({
  kind: 'dispatchFailed',
  of: { stepIndex, attempt },
  reason,
});
const late = (stepIndex = 0, attempt = 1): Message => ({
  kind: 'deadlinePassed',
  of: { stepIndex, attempt },
  reason: 'timed out after 5 s',
});
const retry = (over: Partial<{ runAttempt: number; stepName: string; attempt: number }> = {}): Message => ({
  kind: 'retryStep',
  retry: { runAttempt: 2, stepName: 'a', attempt: 1, by: 'me', ...over },
});
const inputs = (values: Record<string, string>, runAttempt = 2): Message => ({
  kind: 'updateInputs',
  update: { runAttempt, inputs: values, by: 'me' },
});

const start = (): RunState => initialState(manifest(), AT);
const after = (...messages: Message[]): RunState =>
  messages.reduce((state, m) => transition(state, m, LATER), start());
const inPhase: Record<Phase, () => RunState> = {
  dispatching: start,
  waiting: () => after(accepted()),
  blocked: () => after(refused()),
  finished: () => after(hear(), hear({ stepName: 'b', stepIndex: 1 }), hear({ stepName: 'c', stepIndex: 2 })),
};

describe('a run before anything happened', () => {
  it('shows the whole plan, with the first step in progress', () => {
    expect(start().steps.map(({ stepName, status, attempt }) => [stepName, status, attempt])).toEqual([
      ['a', 'in_progress', 1],
      ['b', 'not_started', 0],
      ['c', 'not_started', 0],
    ]);
  });

  it('is finished at once when it has no steps', () => {
    expect(initialState(manifest([]), AT).phase).toBe('finished');
  });
});

describe('dispatching', () => {
  it('waits once the migrator has accepted, without anything new to show', () => {
    const state = after(accepted());
    expect(state.phase).toBe('waiting');
    expect(state.seq).toBe(start().seq);
  });

  it('counts an event that comes before the dispatch was answered', () => {
    const state = after(hear());
    expect(state.currentStep).toBe(1);
    expect(state.phase).toBe('dispatching');
    expect(transition(state, accepted(0, 1), LATER)).toBe(state);
  });

  it('does not undo an event by a dispatch failure that comes after it', () => {
    const state = after(hear({ status: 'open' }), refused());
    expect(state.phase).toBe('waiting');
    expect(state.steps[0]?.status).toBe('open');
  });

  it('fails the step with its reason when the dispatch is refused', () => {
    const state = after(refused('the migrator answered 404'));
    expect(state.phase).toBe('blocked');
    expect(state.steps[0]).toMatchObject({
      status: 'failed',
      reason: 'the migrator answered 404',
      attempt: 1,
    });
  });

  it('fails the step when its deadline passes before anyone accepted it', () => {
    expect(after(late()).steps[0]).toMatchObject({ status: 'failed', reason: 'timed out after 5 s' });
  });

  it('ignores a retry, since nothing has failed', () => {
    const state = start();
    expect(transition(state, retry(), LATER)).toBe(state);
  });
});

describe('waiting', () => {
  it.each(['completed', 'merged'] as const)('goes on to the next step on %s', (status) => {
    const state = after(accepted(), hear({ status }));
    expect(state).toMatchObject({ phase: 'dispatching', currentStep: 1 });
    expect(state.steps[0]).toMatchObject({ status, completedAt: LATER });
    expect(state.steps[1]).toMatchObject({ status: 'in_progress', attempt: 1 });
  });

  it.each(['open', 'awaiting_review'] as const)('shows %s and keeps waiting', (status) => {
    const state = after(accepted(), hear({ status, metadata: { prUrl: 'u' } }));
    expect(state).toMatchObject({ phase: 'waiting', currentStep: 0 });
    expect(state.steps[0]).toMatchObject({ status, metadata: { prUrl: 'u' }, lastHeardAt: LATER });
    expect(state.steps[0]).not.toHaveProperty('completedAt');
  });

  it('accumulates metadata over the events of a step attempt', () => {
    const state = after(
      hear({ status: 'open', metadata: { prUrl: 'u', draft: 'yes' } }),
      hear({ status: 'merged', metadata: { commitSha: 's', draft: 'no' } }),
    );
    expect(state.steps[0]?.metadata).toEqual({ prUrl: 'u', draft: 'no', commitSha: 's' });
  });

  it('blocks on a failed event and keeps its reason', () => {
    const state = after(accepted(), hear({ status: 'failed', reason: 'closed unmerged' }));
    expect(state.phase).toBe('blocked');
    expect(state.steps[0]).toMatchObject({ status: 'failed', reason: 'closed unmerged' });
  });

  it('says so when a failure is reported without a reason', () => {
    expect(after(hear({ status: 'failed' })).steps[0]?.reason).toContain('without a reason');
  });

  it('fails the step when its deadline passes, also while its pull request is open', () => {
    expect(after(hear({ status: 'open' }), late()).steps[0]).toMatchObject({
      status: 'failed',
      reason: 'timed out after 5 s',
    });
  });

  it('ignores the deadline of an earlier attempt', () => {
    const state = after(refused(), retry(), accepted(0, 2));
    expect(transition(state, late(0, 1), LATER)).toBe(state);
  });
});

describe('blocked', () => {
  it('dispatches the same step again on a retry, and forgets what the failed attempt left', () => {
    const state = after(
      hear({ status: 'open', metadata: { prUrl: 'u' } }),
      hear({ status: 'failed', reason: 'r' }),
      retry(),
    );
    expect(state).toMatchObject({ phase: 'dispatching', currentStep: 0, heard: [] });
    expect(state.steps[0]).toEqual({
      stepName: 'a',
      status: 'in_progress',
      attempt: 2,
      startedAt: LATER,
      updatedAt: LATER,
    });
    expect(state.steps).toHaveLength(3);
  });

  it.each([
    ['a second click', [retry()], retry()],
    ['a late click after the retried attempt failed too', [retry(), refused('x', 0, 2)], retry()],
  ])('changes nothing on %s', (_name, before, click) => {
    const state = after(refused(), ...before);
    expect(transition(state, click, LATER)).toBe(state);
  });

  it.each([
    ['another step', { stepName: 'b' }],
    ['another step attempt', { attempt: 2 }],
    ['another run attempt', { runAttempt: 1 }],
  ])('changes nothing on a retry of %s', (_name, over) => {
    const state = after(refused());
    expect(transition(state, retry(over), LATER)).toBe(state);
  });

  it.each(STEP_EVENT_STATUSES)(
    'takes nothing new of the failed attempt, not even that it is %s',
    (status) => {
      for (const failed of [after(refused()), after(hear({ status: 'failed', eventId: 'e1' }))])
        expect(transition(failed, hear({ status, eventId: 'e2' }), LATER)).toBe(failed);
    },
  );

  it('takes no event of the failed attempt, so that a duplicate failure cannot hit the next one', () => {
    const failedTwice = after(hear({ status: 'failed' }), hear({ status: 'failed' }));
    expect(failedTwice.seq).toBe(after(hear({ status: 'failed' })).seq);
    const retried = transition(failedTwice, retry(), LATER);
    expect(transition(retried, hear({ status: 'failed' }), LATER)).toBe(retried);
  });
});

describe('finished', () => {
  it.each(STEP_EVENT_STATUSES)(
    'is not left for anything new of its last step, not even that it is %s',
    (status) => {
      const state = inPhase.finished();
      const news = hear({ stepName: 'c', stepIndex: 2, status, eventId: 'late' });
      expect(transition(state, news, LATER)).toBe(state);
    },
  );
});

describe('inputs', () => {
  it.each(['dispatching', 'waiting', 'blocked'] as const)(
    'are merged in the order received while %s',
    (phase) => {
      const state = [inputs({ owner: 'y', a: '1' }), inputs({ owner: 'z' })].reduce(
        (s, m) => transition(s, m, LATER),
        inPhase[phase](),
      );
      expect(state.inputs).toEqual({ owner: 'z', a: '1' });
      expect(state.seq).toBe(inPhase[phase]().seq + 2);
    },
  );

  it('of an earlier run attempt are dropped', () => {
    const state = start();
    expect(transition(state, inputs({ owner: 'y' }, 1), LATER)).toBe(state);
  });
});

describe('events that are not for the current attempt', () => {
  const wrong: [string, Partial<AddressedStepEvent>][] = [
    ['an earlier run attempt', { runAttempt: 1 }],
    ['a later run attempt', { runAttempt: 3 }],
    ['another step', { stepIndex: 1, stepName: 'b' }],
    ['another step attempt', { attempt: 2 }],
    ['a step name that does not stand at that index', { stepName: 'b' }],
  ];
  it.each(wrong)('change nothing: %s', (_name, over) => {
    for (const phase of ['dispatching', 'waiting', 'blocked', 'finished'] as const) {
      const state = inPhase[phase]();
      expect(transition(state, hear(over), LATER)).toBe(state);
    }
  });

  it('change nothing when they repeat one that was heard: by eventId, whatever came between', () => {
    const state = after(
      hear({ status: 'open', eventId: 'e1' }),
      hear({ status: 'awaiting_review', eventId: 'e2' }),
    );
    expect(transition(state, hear({ status: 'open', eventId: 'e1' }), LATER)).toBe(state);
  });

  it('change nothing when they say exactly what the last one said', () => {
    const state = after(hear({ status: 'open', metadata: { prUrl: 'u' } }));
    expect(transition(state, hear({ status: 'open', metadata: { prUrl: 'u' } }), LATER)).toBe(state);
    expect(transition(state, hear({ status: 'open', metadata: { prUrl: 'v' } }), LATER)).not.toBe(state);
  });
});

describe('every state and message together', () => {
  const anyMessage: fc.Arbitrary<Message> = fc.oneof(
    fc
      .record({
        stepName: fc.constantFrom('a', 'b', 'c'),
        status: fc.constantFrom(...STEP_EVENT_STATUSES),
        runAttempt: fc.constantFrom(1, 2),
        stepIndex: fc.nat(2),
        attempt: fc.integer({ min: 1, max: 3 }),
      })
      .map((over) => hear(over)),
    fc
      .tuple(fc.nat(2), fc.integer({ min: 1, max: 3 }))
      .chain(([i, n]) => fc.constantFrom(accepted(i, n), refused('r', i, n), late(i, n))),
    fc
      .record({ stepName: fc.constantFrom('a', 'b', 'c'), attempt: fc.integer({ min: 1, max: 3 }) })
      .map(retry),
    fc.constantFrom(inputs({ owner: 'q' }), inputs({ owner: 'q' }, 1)),
  );

  it('keeps order: steps end one after another, attempts and seq only grow, a finished run never moves', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 60 }), (messages) => {
        let state = start();
        for (const message of messages) {
          const next = transition(state, message, LATER);
          expect(next.seq).toBeGreaterThanOrEqual(state.seq);
          expect(next.currentStep - state.currentStep).toBeGreaterThanOrEqual(0);
          expect(next.currentStep - state.currentStep).toBeLessThanOrEqual(1);
          if (next !== state && next.phase !== state.phase && message.kind !== 'dispatchAccepted')
            expect(next.seq).toBe(state.seq + 1);
          next.steps.forEach((step, i) => {
            expect(step.attempt).toBeGreaterThanOrEqual(state.steps[i]?.attempt ?? 0);
            const passed = i < next.currentStep || next.phase === 'finished';
            if (passed) expect(['completed', 'merged']).toContain(step.status);
            else if (i > next.currentStep) expect(step.status).toBe('not_started');
          });
          if (state.phase === 'finished') expect(next).toBe(state);
          state = next;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('an event moves a run only if it names the current attempts, and its step is not terminal', () => {
    const aimed = fc
      .tuple(fc.constantFrom(...STEP_EVENT_STATUSES), fc.uuid())
      .map(([status, eventId]) => (state: RunState): Message => {
        const { stepName = 'a', attempt = 1 } = state.steps[state.currentStep] ?? {};
        return hear({ status, eventId, stepName, attempt, stepIndex: state.currentStep });
      });
    const answered = fc.constant((state: RunState): Message => {
      const { stepName = 'a', attempt = 1 } = state.steps[state.currentStep] ?? {};
      return retry({ stepName, attempt });
    });
    const any = anyMessage.map((message) => (): Message => message);
    fc.assert(
      fc.property(fc.array(fc.oneof(aimed, answered, any), { maxLength: 40 }), (makers) => {
        let state = start();
        for (const make of makers) {
          const message = make(state);
          const next = transition(state, message, LATER);
          const step = state.steps[state.currentStep];
          if (message.kind === 'stepEvent' && next !== state) {
            expect(message.event).toMatchObject({
              runAttempt: state.runAttempt,
              stepIndex: state.currentStep,
              stepName: step?.stepName,
              attempt: step?.attempt,
            });
            expect(['in_progress', 'open', 'awaiting_review']).toContain(step?.status);
          }
          state = next;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('answers every message in every phase without throwing', () => {
    for (const phase of ['dispatching', 'waiting', 'blocked', 'finished'] as const) {
      for (const message of [hear(), accepted(), refused(), late(), retry(), inputs({ owner: 'y' })]) {
        expect(transition(inPhase[phase](), message, LATER)).toBeDefined();
      }
    }
  });
});
