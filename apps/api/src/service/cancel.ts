import type { AuditContext } from '@loom/domain';
import { refusalError, RUNNING_ONLY } from './conflicts';
import type { CandidateAddress, ServiceDeps } from './deps';

export interface CancelRunCommand extends CandidateAddress {
  /** With the reason, if there is one. */
  by: AuditContext;
}

/**
 * Records the cancel, which is final from then on, and asks the execution of that very attempt to end. Where there
 * is none, or it cannot be asked, the run's first act or the reconciliation settles it: its caller need not.
 */
export function createCancel(deps: Pick<ServiceDeps, 'migrations' | 'runs' | 'engine' | 'clock' | 'logger'>) {
  return async ({ by, ...address }: CancelRunCommand): Promise<void> => {
    const result = await deps.runs.cancel({ ...address, by, at: deps.clock.now() });
    if (result.outcome === 'ended_queued') return;
    if (result.outcome === 'refused') throw await refusalError(deps, address, result, RUNNING_ONLY);
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
