import { ApplicationFailure } from '@temporalio/activity';

/** What makes Temporal call the activity again, not before the time that the migrator named. */
export function retryable(outcome: { reason: string; afterMs?: number }): ApplicationFailure {
  return ApplicationFailure.create({
    message: outcome.reason,
    type: 'MigratorNotReady',
    ...(outcome.afterMs === undefined ? {} : { nextRetryDelay: outcome.afterMs }),
  });
}
