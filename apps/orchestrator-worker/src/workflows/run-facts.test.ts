import { FACTS_KEPT } from '@loom/domain';
import {
  accepted,
  after,
  AT,
  hear,
  late,
  LATER,
  manifest,
  refused,
  retry,
} from '../testing/run-machine-messages';
import { projectionOf, settlementOf } from './run-messages';
import { transition } from './run-machine';

const kindsOf = (state: ReturnType<typeof after>) =>
  (state.facts ?? []).map(({ kind, stepName, attempt, seq }) => [kind, stepName, attempt, seq]);

describe('facts of step attempts', () => {
  it('are that one opened, and how it ended, each with the number of the view that shows it', () => {
    const state = after(
      accepted(),
      hear({ status: 'open' }),
      hear({ status: 'awaiting_review' }),
      hear({ status: 'open', eventId: 'again' }),
      hear({ status: 'failed', reason: 'no' }),
      retry(),
      hear({ attempt: 2, status: 'open' }),
      hear({ attempt: 2, status: 'merged' }),
      late(1, 1),
    );
    expect(kindsOf(state)).toEqual([
      ['opened', 'a', 1, 2],
      ['failed', 'a', 1, 5],
      ['opened', 'a', 2, 7],
      ['passed', 'a', 2, 8],
      ['failed', 'b', 1, 9],
    ]);
    expect(state.facts?.[1]).toMatchObject({ startedAt: AT, at: LATER, reason: 'no' });
    expect(state.facts?.[4]).toMatchObject({ startedAt: LATER, reason: 'timed out after 5 s' });
  });

  it('come once, however often a callback comes, and also of a dispatch that nobody accepted', () => {
    const state = after(hear({ status: 'failed' }), hear({ status: 'failed' }), refused(), hear());
    expect(kindsOf(state)).toEqual([['failed', 'a', 1, 2]]);
    expect(kindsOf(after(refused(), refused()))).toEqual([['failed', 'a', 1, 2]]);
  });

  it('travel with every view and with the end of a cancelled run, the newest of them', () => {
    let state = after();
    for (let attempt = 1; attempt <= FACTS_KEPT + 3; attempt += 1) {
      state = transition(state, hear({ attempt, status: 'failed', reason: 'x'.repeat(9000) }), LATER);
      state = transition(state, retry({ attempt }), LATER);
    }
    const { facts = [] } = projectionOf(manifest(), state, LATER);
    expect(facts.map(({ attempt }) => attempt)).toEqual(Array.from({ length: FACTS_KEPT }, (_, i) => i + 4));
    expect(JSON.stringify(facts).length).toBeLessThan(FACTS_KEPT * 1024);
    expect(settlementOf(manifest(), state, LATER).facts).toEqual(facts);
  });

  it('begin empty in a state that an earlier version has carried over', () => {
    const state = { ...after(accepted()) };
    delete (state as { facts?: unknown }).facts;
    expect(projectionOf(manifest(), state, LATER).facts).toEqual([]);
    expect(kindsOf(transition(state, hear(), LATER))).toEqual([['passed', 'a', 1, 2]]);
  });
});
