import { refusalError, type ConflictCodes } from './conflicts';
import type { CandidateAddress, ServiceDeps } from './deps';

export interface CancelRunCommand extends CandidateAddress {
  by: string;
  reason?: string;
}

const CODES: ConflictCodes = {
  not_started: 'candidate_not_running',
  queued: 'candidate_not_running',
  running: 'candidate_not_running',
  completed: 'candidate_not_running',
};

/**
 * Records the cancel, which is final from then on, and asks the execution of that very attempt to end. Where there
 * is none, or it cannot be asked, the run's first act or the reconciliation settles it: its caller need not.
 */
export function createCancel(deps: Pick<ServiceDeps, 'migrations' | 'runs' | 'engine' | 'clock' | 'logger'>) {
  return async ({ by, reason, ...address }: CancelRunCommand): Promise<void> => {
    const command = { ...address, by, at: deps.clock.now(), ...(reason === undefined ? {} : { reason }) };
    const result = await deps.runs.cancel(command);
    if (result.outcome === 'ended_queued') return;
    if (result.outcome === 'refused') throw await refusalError(deps, address, result, CODES);
    const { runId, attempt, executionId } = result.run;
    const execution = { runId, runAttempt: attempt };
    try {
      await deps.engine.cancel(executionId === undefined ? execution : { ...execution, executionId });
    } catch (error) {
      const message = 'a recorded cancel could not be asked for; the reconciliation asks again';
      deps.logger.warn(message, { ...execution, error });
    }
  };
}
