import type { AddressedStepEvent, RunManifest } from '@loom/domain';
import { transition, type Message } from '../workflows/run-machine';
import { initialState, type Phase, type RunState } from '../workflows/run-state';

export const AT = '2026-01-01T00:00:00.000Z';
export const LATER = '2026-01-01T00:01:00.000Z';

export const manifest = (steps = ['a', 'b', 'c']): RunManifest => ({
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
export const hear = (over: Partial<AddressedStepEvent> = {}): Message => ({
  kind: 'stepEvent',
  event: event(over),
});
export const accepted = (stepIndex = 0, attempt = 1): Message => ({
  kind: 'dispatchAccepted',
  of: { stepIndex, attempt },
});
export const refused = (reason = 'HTTP 404', stepIndex = 0, attempt = 1): Message => ({
  kind: 'dispatchFailed',
  of: { stepIndex, attempt },
  reason,
});
export const paused = (stepIndex = 0, attempt = 1): Message => ({
  kind: 'dispatchPaused',
  of: { stepIndex, attempt },
});
export const released = (runAttempt = 2): Message => ({ kind: 'released', runAttempt });
export const late = (stepIndex = 0, attempt = 1): Message => ({
  kind: 'deadlinePassed',
  of: { stepIndex, attempt },
  reason: 'timed out after 5 s',
});
export const retry = (
  over: Partial<{ runAttempt: number; stepName: string; attempt: number }> = {},
): Message => ({
  kind: 'retryStep',
  retry: { runAttempt: 2, stepName: 'a', attempt: 1, by: 'me', ...over },
});
export const inputs = (values: Record<string, string>, runAttempt = 2): Message => ({
  kind: 'updateInputs',
  update: { runAttempt, inputs: values, by: 'me' },
});

export const start = (): RunState => initialState(manifest(), AT);
export const after = (...messages: Message[]): RunState =>
  messages.reduce((state, m) => transition(state, m, LATER), start());
export const inPhase: Record<Phase, () => RunState> = {
  dispatching: start,
  held: () => after(paused()),
  waiting: () => after(accepted()),
  blocked: () => after(refused()),
  finished: () => after(hear(), hear({ stepName: 'b', stepIndex: 1 }), hear({ stepName: 'c', stepIndex: 2 })),
};
