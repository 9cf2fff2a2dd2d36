import { attentionOf, type RunManifest } from '@loom/domain';
import type { CancelSettlement, RunAddress, RunProjection } from '@loom/ports';
import type { CancelledRun, DispatchInput } from '../activities';
import { currentStep, type RunState } from './run-state';

/** The run attempt that a manifest is for. */
export function runAddress(manifest: RunManifest): RunAddress {
  return {
    migrationId: manifest.migrationId,
    candidateId: manifest.candidate.id,
    runAttempt: manifest.runAttempt,
  };
}

/** What the store is to show of `state`. */
export function projectionOf(manifest: RunManifest, state: RunState, at: string): RunProjection {
  const attention = state.phase === 'finished' ? undefined : attentionOf(state.steps[state.currentStep]);
  return {
    ...runAddress(manifest),
    seq: state.seq,
    steps: [...state.steps],
    currentStep: state.currentStep,
    inputs: { ...state.inputs },
    ...(attention === undefined ? {} : { attention }),
    at,
    facts: [...(state.facts ?? [])],
  };
}

/** All that the activity needs to dispatch the current step attempt, with the view to be shown before the POST. */
export function dispatchInput(manifest: RunManifest, state: RunState, at: string): DispatchInput {
  const step = manifest.steps[state.currentStep];
  if (step === undefined) throw new Error('the run has no step to dispatch');
  return {
    runId: manifest.runId,
    nonce: manifest.nonce,
    candidate: manifest.candidate,
    // The view has its description already; a definition may be the largest part of all.
    step: {
      name: step.name,
      migratorApp: step.migratorApp,
      ...(step.type === undefined ? {} : { type: step.type }),
      ...(step.config === undefined ? {} : { config: step.config }),
    },
    stepIndex: state.currentStep,
    attempt: currentStep(state).attempt,
    projection: projectionOf(manifest, state, at),
  };
}

/** What the migrators of a cancelled run are told; undefined when nothing was dispatched. */
export function cancelNotice(manifest: RunManifest, { steps }: RunState): CancelledRun | undefined {
  const reached = steps.filter((step) => step.attempt > 0);
  if (reached.length === 0) return undefined;
  const names = new Set(reached.map(({ stepName }) => stepName));
  const definitions = manifest.steps.filter(({ name }) => names.has(name));
  return {
    ...runAddress(manifest),
    runId: manifest.runId,
    steps: reached,
    definitions: definitions.map(({ name, migratorApp }) => ({ name, migratorApp })),
  };
}

/** How a cancelled run ends in the store. */
export function settlementOf(
  manifest: RunManifest,
  { steps, facts = [] }: RunState,
  at: string,
): CancelSettlement {
  return { ...runAddress(manifest), steps: [...steps], facts: [...facts], at, fallback: PAST_THE_API };
}

/** Author of a cancel that nobody recorded: the execution was cancelled with Temporal's own tools. */
const PAST_THE_API = { by: 'temporal', reason: 'the workflow was cancelled outside Loom' };
