import fc from 'fast-check';
import { STEP_EVENT_STATUSES } from '@loom/domain';
import {
  LATER,
  accepted,
  hear,
  inPhase,
  inputs,
  late,
  paused,
  refused,
  released,
  retry,
  start,
} from '../testing/run-machine-messages';
import { transition, type Message } from './run-machine';
import type { RunState } from './run-state';

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
      .chain(([i, n]) => fc.constantFrom(accepted(i, n), refused('r', i, n), paused(i, n), late(i, n))),
    fc
      .record({ stepName: fc.constantFrom('a', 'b', 'c'), attempt: fc.integer({ min: 1, max: 3 }) })
      .map(retry),
    fc.constantFrom(inputs({ owner: 'q' }), inputs({ owner: 'q' }, 1), released(), released(1)),
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
          const isSilent = message.kind === 'dispatchAccepted' || message.kind === 'dispatchPaused';
          if (next !== state && next.phase !== state.phase && !isSilent) expect(next.seq).toBe(state.seq + 1);
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
          if (message.kind === 'retryStep' && next !== state) expect(step?.status).toBe('failed');
          if ('of' in message && next !== state)
            expect(message.of).toEqual({ stepIndex: state.currentStep, attempt: step?.attempt });
          if (state.phase === 'finished') expect(next).toBe(state);
          state = next;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('answers every message in every phase without throwing', () => {
    for (const phase of ['dispatching', 'held', 'waiting', 'blocked', 'finished'] as const) {
      for (const message of [
        hear(),
        accepted(),
        refused(),
        paused(),
        released(),
        late(),
        retry(),
        inputs({ owner: 'y' }),
      ]) {
        expect(transition(inPhase[phase](), message, LATER)).toBeDefined();
      }
    }
  });
});
