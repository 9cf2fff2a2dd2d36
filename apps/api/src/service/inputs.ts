import { auditedInputChange, type AuditContext, type RunRecord } from '@loom/domain';
import { requireInputsSize, requireKnown } from './check-inputs';
import { conflictWith, refusalError, RUNNING_ONLY } from './conflicts';
import type { CandidateAddress, ServiceDeps } from './deps';
import { candidateOf, migrationOf } from './lookup';
import { missingExecution } from './missing-execution';

export interface InputsCommand extends CandidateAddress {
  /** Merged into the run's. */
  inputs: Record<string, string>;
  by: AuditContext;
}

type InputsDeps = Pick<
  ServiceDeps,
  'migrations' | 'candidates' | 'runs' | 'engine' | 'audit' | 'clock' | 'logger'
>;

/** Changes the inputs of a queued run in the store, and of a running one by telling its workflow. */
export function createUpdateInputs(deps: InputsDeps) {
  return async (command: InputsCommand): Promise<void> => {
    const { migrationId, candidateId, inputs, by } = command;
    const migration = await migrationOf(deps, migrationId);
    const { run } = await candidateOf(deps, command);
    requireInputsSize({ ...run?.inputs, ...inputs });
    requireKnown(migration.requiredInputs, inputs);
    if (run?.status !== 'queued') return tellWorkflow(deps, command, run);
    const result = await deps.runs.mergeQueuedInputs(migrationId, candidateId, inputs, deps.clock.now(), by);
    if (result.outcome === 'merged') return;
    if (result.because !== 'status') throw await refusalError(deps, command, result, RUNNING_ONLY);
    // It was executed, or dequeued, in this very moment.
    await tellWorkflow(deps, command, result.run);
  };
}

async function tellWorkflow(
  deps: InputsDeps,
  command: InputsCommand,
  run: RunRecord | undefined,
): Promise<void> {
  if (run?.status !== 'running' || run.cancel !== undefined) throw conflictWith(command, run, RUNNING_ONLY);
  const { migrationId, candidateId, inputs, by } = command;
  const payload = { runAttempt: run.attempt, inputs, by: by.actor.id };
  const change = auditedInputChange(run.inputs, inputs);
  await deps.audit.append({
    ...by,
    action: 'update_inputs',
    migrationId,
    candidateId,
    runAttempt: run.attempt,
    ...change,
  });
  if (await deps.engine.signal(run.runId, { signal: 'updateInputs', payload })) return;
  const now = await candidateOf(deps, command);
  if (now.run?.status !== 'running' || now.run.attempt !== run.attempt)
    throw conflictWith(command, now.run, RUNNING_ONLY);
  throw missingExecution(deps, now.run);
}
