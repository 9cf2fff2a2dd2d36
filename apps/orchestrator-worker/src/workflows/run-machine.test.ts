import { STEP_EVENT_STATUSES, type AddressedStepEvent } from '@loom/domain';
import {
  AT,
  LATER,
  accepted,
  after,
  hear,
  inPhase,
  inputs,
  late,
  manifest,
  refused,
  retry,
  start,
} from '../testing/run-machine-messages';
import { transition } from './run-machine';
import { initialState } from './run-state';

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

  it('takes no inputs any more', () => {
    const state = inPhase.finished();
    expect(transition(state, inputs({ owner: 'y' }), LATER)).toBe(state);
  });
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
