import fc from 'fast-check';
import { LIMITS, type RunManifest, type StepDefinition, type StepEventStatus } from '@loom/domain';
import { AT, hear, inputs, LATER, manifest, retry } from '../testing/run-machine-messages';
import { cancelNotice, dispatchInput, projectionOf, settlementOf } from './run-messages';
import { transition } from './run-machine';
import { carriedOver, currentStep, initialState, type RunState } from './run-state';

/** Temporal terminates a run for more; a quarter of it stays free for what is around our own words. */
const PAYLOAD_BYTES = 0.75 * 2 * 1024 * 1024 + 64 * 1024;
/** Of one answer to a workflow task, which is a gRPC message. */
const ANSWER_BYTES = 4 * 1024 * 1024;
const settings = { dispatchBudgetMs: 900_000, continueAsNewEvents: 4000 };

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
/** A text of `unit` that takes about so many bytes of JSON. */
const text = (unit: string, bytes: number) =>
  unit.repeat(Math.floor(Math.max(bytes, 0) / (bytesOf(unit) - 2)));

/** The largest that the contract allows: where the bytes of its definition are is told by `field`. */
function largest(field: 'description' | 'type' | 'config' | 'oneConfig', unit: string): RunManifest {
  const bare = Array.from({ length: LIMITS.stepsPerDefinition }, (_, i) => ({
    name: `step-${String(i)}`,
    migratorApp: 'app',
  }));
  const each = (LIMITS.definitionBytes - bytesOf(bare)) / bare.length - 40;
  const steps = bare.map((step, i): StepDefinition => {
    if (field === 'config') return { ...step, config: { value: text(unit, each) } };
    if (field === 'oneConfig')
      return i > 0 ? step : { ...step, config: { value: text(unit, each * bare.length) } };
    return { ...step, [field]: text(unit, each) };
  });
  const candidate = { id: 'c', metadata: { about: text(unit, LIMITS.candidateBytes - 60) } };
  return { ...manifest(), candidate, steps, inputs: { owner: text(unit, LIMITS.inputsBytes - 20) } };
}

/** Every payload that the workflow sends of `state`. */
function payloads(of: RunManifest, state: RunState): Record<string, unknown> {
  const view = projectionOf(of, state, LATER);
  return {
    dispatchStep: state.phase === 'finished' ? [] : dispatchInput(of, state, LATER),
    projectRun: view,
    notifyCancelled: cancelNotice(of, state),
    settleCancel: settlementOf(of, state, LATER),
    progress: { ...state },
    continueAsNew: [of, { state, settings }],
  };
}

interface Report {
  status: StepEventStatus;
  unit: string;
  eventId: boolean;
  reason: number;
  metadata: number;
}
const anyReport: fc.Arbitrary<Report> = fc.record({
  status: fc.constantFrom('awaiting_review', 'completed', 'failed', 'merged'),
  unit: fc.constantFrom('x', '\u0001', '\ud800', '中', '"'),
  eventId: fc.boolean(),
  reason: fc.constantFrom(0, 300, 60_000),
  metadata: fc.constantFrom(0, 2000, 60_000),
});

/** What a migrator can post of the current step attempt, of the greatest length that an event may have. */
function reported(state: RunState, { status, unit, eventId, reason, metadata }: Report, n: number): RunState {
  const { stepName, attempt } = currentStep(state);
  const left = LIMITS.eventBytes - 300 - reason;
  const message = hear({
    stepName,
    attempt,
    stepIndex: state.currentStep,
    status,
    ...(reason === 0 ? {} : { reason: text(unit, reason) }),
    ...(metadata === 0
      ? {}
      : {
          metadata: {
            [status === 'awaiting_review' ? 'instructions' : `k${String(n)}`]: text(
              unit,
              Math.min(metadata, left),
            ),
          },
        }),
    ...(eventId ? { eventId: `${String(n)}${unit.repeat(200)}` } : {}),
  });
  const next = transition(state, message, LATER);
  if (next.phase !== 'blocked') return next;
  return n % 2 === 0 ? transition(next, retry({ stepName, attempt }), LATER) : next;
}

describe('what a run sends', () => {
  it('stays below the limits of Temporal, whatever was announced and reported', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('description', 'type', 'config', 'oneConfig'),
        fc.constantFrom('x', '\u0001', '中'),
        fc.array(anyReport, { minLength: 1, maxLength: 6 }),
        (field, unit, reports) => {
          const of = largest(field, unit);
          expect(bytesOf(of.steps)).toBeLessThanOrEqual(LIMITS.definitionBytes);
          expect(bytesOf(of.steps)).toBeGreaterThan(LIMITS.definitionBytes * 0.9);
          let state = initialState(of, AT);
          for (let n = 0; n < 250 && state.phase !== 'finished' && state.phase !== 'blocked'; n += 1) {
            const report = reports[n % reports.length];
            if (report !== undefined) state = reported(state, report, n);
          }
          state = transition(state, inputs({ more: text(unit, LIMITS.inputsBytes - 20) }), LATER);
          const sizes = Object.values(payloads(of, carriedOver(state))).map(bytesOf);
          expect(Math.max(...sizes)).toBeLessThan(PAYLOAD_BYTES);
          const [first = 0, second = 0] = sizes.sort((a, b) => b - a);
          expect(first + second).toBeLessThan(ANSWER_BYTES);
        },
      ),
      { numRuns: 40 },
    );
  }, 120_000);

  it.each(['x', '\u0001', '中'])(
    'also when every step says as much as it can, in %j',
    (unit) => {
      const of = largest('description', unit);
      let state = initialState(of, AT);
      const report: Report = { status: 'completed', unit, eventId: true, reason: 5000, metadata: 50_000 };
      for (let n = 0; state.phase !== 'finished'; n += 1) {
        if (n % 20 === 0) state = reported(state, { ...report, status: 'awaiting_review' }, n);
        state = reported(state, report, n);
      }
      for (const [name, payload] of Object.entries(payloads(of, state)))
        expect([name, bytesOf(payload) < PAYLOAD_BYTES]).toEqual([name, true]);
    },
    60_000,
  );

  it('remembers a few KiB of a step attempt that is reported on without an end', () => {
    const state = Array.from({ length: 600 }).reduce<RunState>(
      (before, _, n) =>
        transition(before, hear({ status: 'open', eventId: `${'\u0001'.repeat(250)}${String(n)}` }), LATER),
      initialState(manifest(), AT),
    );
    expect(state.heard).toHaveLength(256);
    expect(bytesOf(state.heard)).toBeLessThan(32 * 1024);
  });

  it('has no inputs beyond what a run may have', () => {
    const state = initialState(manifest(), AT);
    const half = transition(state, inputs({ a: 'x'.repeat(40_000) }), LATER);
    expect(half.inputs['a']).toHaveLength(40_000);
    expect(transition(half, inputs({ b: 'x'.repeat(40_000) }), LATER)).toBe(half);
  });
});
