import { isGrpcServiceError, ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { DependencyUnavailableError } from '@loom/domain';

/** gRPC's NOT_FOUND and UNAVAILABLE; the package that names them is not ours to import. */
const NOT_FOUND = 5;
const UNAVAILABLE = 14;

/** The gRPC status behind whatever the client throws. */
function statusOf(error: unknown): { code: number; details: string } | undefined {
  if (isGrpcServiceError(error)) return { code: error.code, details: error.details };
  return error instanceof ServiceError && error.cause !== undefined ? statusOf(error.cause) : undefined;
}

/** True when Temporal says that no such execution is open (or known). */
export function isNotFound(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError || statusOf(error)?.code === NOT_FOUND;
}

/**
 * The one place where Temporal's failures become ours. Every one of them may pass, so all are "unavailable"; only a
 * connection that never came to be proves that nothing happened.
 */
export function engineUnavailable(error: unknown): DependencyUnavailableError {
  if (error instanceof DependencyUnavailableError) return error;
  const status = statusOf(error);
  const certain =
    status?.code === UNAVAILABLE &&
    /No connection established|ECONNREFUSED|Name resolution failed/.test(status.details);
  return new DependencyUnavailableError(
    'engine',
    'Temporal cannot be reached or does not answer in time',
    certain,
    {
      cause: error,
    },
  );
}
