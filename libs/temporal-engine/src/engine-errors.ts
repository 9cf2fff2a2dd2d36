import { isGrpcServiceError, NamespaceNotFoundError } from '@temporalio/client';
import { DependencyUnavailableError } from '@loom/domain';
import { StartRefusedError } from '@loom/ports';

/** Codes of gRPC that are used here, by their numbers on the wire. */
const GRPC = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** What each code of an engine that cannot be used says to an operator. Other codes are defects of the request. */
const UNAVAILABLE: Readonly<Record<number, string>> = {
  [GRPC.CANCELLED]: 'the call was cancelled',
  [GRPC.UNKNOWN]: 'it failed',
  [GRPC.DEADLINE_EXCEEDED]: 'it did not answer in time',
  [GRPC.PERMISSION_DENIED]: 'it does not permit the call',
  [GRPC.RESOURCE_EXHAUSTED]: 'it limits the rate of calls',
  // Of a query: no worker has taken the workflow's tasks lately.
  [GRPC.FAILED_PRECONDITION]: 'it cannot do this now',
  [GRPC.ABORTED]: 'it aborted the call',
  [GRPC.INTERNAL]: 'it failed',
  [GRPC.UNAVAILABLE]: 'it cannot be reached',
  [GRPC.DATA_LOSS]: 'it failed',
  [GRPC.UNAUTHENTICATED]: 'it does not accept the credentials',
};

/** Temporal is there, but was not set up for this app: nothing can have happened. */
export function noNamespace(namespace: string, cause: unknown): DependencyUnavailableError {
  return new DependencyUnavailableError('engine', `Temporal has no namespace ${namespace}`, true, { cause });
}

/** With these a server refuses what it was asked before it does anything; a start that is too large is the first. */
const REFUSALS: ReadonlySet<number> = new Set([
  GRPC.INVALID_ARGUMENT,
  GRPC.FAILED_PRECONDITION,
  GRPC.OUT_OF_RANGE,
  GRPC.UNIMPLEMENTED,
]);
/** With these it lets nobody in: nothing happened either, but it is the deployment that is at fault. */
const TURNED_AWAY: ReadonlySet<number> = new Set([GRPC.PERMISSION_DENIED, GRPC.UNAUTHENTICATED]);

export interface GrpcStatus {
  code: number;
  details: string;
}

/** What the end of one call says of the server: it let us in, it did not or was not there, it was late, or nothing. */
export function reachability({ code }: GrpcStatus): 'reached' | 'away' | 'late' | 'unknown' {
  if (code === GRPC.UNAVAILABLE || TURNED_AWAY.has(code)) return 'away';
  if (code === GRPC.DEADLINE_EXCEEDED) return 'late';
  return code === GRPC.CANCELLED ? 'unknown' : 'reached';
}

/**
 * True when a call certainly never left this process: the client had no connection, and could make none. A
 * connection that broke, or a deadline that passed, says nothing of what the server did. gRPC tells the two kinds
 * of UNAVAILABLE apart in the details alone; other words than these count as uncertain.
 */
export function neverSent(status: GrpcStatus): boolean {
  return (
    status.code === GRPC.UNAVAILABLE &&
    /^(?:No connection established\.|Name resolution failed for target )/.test(status.details)
  );
}

/**
 * What the client threw, as the port tells it: DependencyUnavailableError when the engine cannot be used, else the
 * error itself. `decisive` (of a start): no attempt before the last one can have reached the server, so that the last
 * one says whether the operation certainly had no effect; a refusal is a StartRefusedError then.
 */
export function engineError(error: unknown, decisive = false): unknown {
  if (error instanceof NamespaceNotFoundError) return noNamespace(error.namespace, error);
  const status = grpcStatus(error);
  if (status === undefined) return error;
  if (decisive && REFUSALS.has(status.code))
    return new StartRefusedError('Temporal refused to start the run', { cause: error });
  const what = UNAVAILABLE[status.code];
  if (what === undefined) return error;
  const certain = decisive && (neverSent(status) || TURNED_AWAY.has(status.code));
  return new DependencyUnavailableError('engine', `Temporal: ${what}`, certain, { cause: error });
}

/**
 * True when the deadline that this process set, at `end` (ms), has passed. The server keeps it too, and resets the
 * stream then: on a busy machine that is heard first, as a call that was cancelled.
 */
export function isDeadline(error: unknown, end: number): boolean {
  const code = grpcStatus(error)?.code;
  return code === GRPC.DEADLINE_EXCEEDED || (code === GRPC.CANCELLED && Date.now() >= end);
}

/** True when the server knows nothing of what a raw call named. */
export function isNotFound(error: unknown): boolean {
  return grpcStatus(error)?.code === GRPC.NOT_FOUND;
}

/** The gRPC status in `error` or in what caused it. */
function grpcStatus(error: unknown): GrpcStatus | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (isGrpcServiceError(at)) return at;
  return undefined;
}
