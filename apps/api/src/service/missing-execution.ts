import { ExecutionMissingError, type RunRecord } from '@loom/domain';
import type { ServiceDeps } from './deps';

/**
 * The error for a message to a run that has nobody to take it. It is logged each time, as no outage is: nothing else
 * tells of such a run, and it does not come back by itself.
 */
export function missingExecution(
  { logger }: Pick<ServiceDeps, 'logger'>,
  { runId, attempt: runAttempt, executionId }: Pick<RunRecord, 'runId' | 'attempt' | 'executionId'>,
): ExecutionMissingError {
  logger.warn('a run that the store knows as running has no open execution', {
    runId,
    runAttempt,
    ...(executionId === undefined ? {} : { executionId }),
  });
  return new ExecutionMissingError(runId);
}
