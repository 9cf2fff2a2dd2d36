import {
  LATER,
  accepted,
  after,
  hear,
  inputs,
  late,
  paused,
  refused,
  released,
  retry,
  start,
} from '../testing/run-machine-messages';
import { transition } from './run-machine';

describe('held', () => {
  const held = () => after(paused());

  it('shows nothing else than before, and goes on when it is released, with all of its time', () => {
    expect(held()).toEqual({ ...start(), phase: 'held' });
    const state = transition(held(), released(), LATER);
    expect(state).toMatchObject({ phase: 'dispatching', seq: start().seq + 1 });
    expect(state.steps[0]).toMatchObject({ status: 'in_progress', attempt: 1, startedAt: LATER });
  });

  it('is not released for another run attempt, and a release that comes twice or late changes nothing', () => {
    const state = held();
    expect(transition(state, released(1), LATER)).toBe(state);
    for (const other of [after(), after(accepted()), after(refused())])
      expect(transition(other, released(), LATER)).toBe(other);
  });

  it('counts an event all the same: an earlier try had arrived', () => {
    expect(transition(held(), hear(), LATER)).toMatchObject({ phase: 'dispatching', currentStep: 1 });
    expect(transition(held(), hear({ status: 'failed' }), LATER).phase).toBe('blocked');
    expect(transition(held(), hear({ status: 'open' }), LATER).phase).toBe('waiting');
  });

  it('takes inputs, and stays held', () => {
    const state = transition(held(), inputs({ owner: 'y' }), LATER);
    expect(state).toMatchObject({ phase: 'held', inputs: { owner: 'y' }, seq: start().seq + 1 });
  });

  it('has no deadline, and ignores what belongs to no dispatch of its own', () => {
    const state = held();
    for (const message of [late(), refused(), accepted(), retry(), paused()])
      expect(transition(state, message, LATER)).toBe(state);
    expect(transition(start(), paused(0, 2), LATER).phase).toBe('dispatching');
  });
});
