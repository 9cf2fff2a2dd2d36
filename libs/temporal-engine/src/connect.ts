import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { ConnectionOptions } from '@temporalio/client';
import { createOutageLog, type Logger, type Tracing } from '@loom/ports';
import { neverSent, reachability, type GrpcStatus } from './engine-errors';
import { tracedCalls } from './traced-calls';

export interface TemporalOptions {
  /** `host:port` of the frontend. */
  hostPort: string;
  namespace: string;
  tls?: ConnectionOptions['tls'];
  apiKey?: string | undefined;
  /** Told once of each outage, and of its end. */
  logger?: Logger;
  /** Absent when telemetry is off: then calls pass no interceptor. */
  tracing?: Tracing | undefined;
}

export interface TemporalConnection {
  client: Client;
  connection: Connection;
  close(): Promise<void>;
}

/** Repetitions inside one call, with backoff from 100 ms: under a second, so that an absent engine is told soon. */
const ATTEMPTS = 4;
/** gRPC would wait up to two minutes before it tries again to connect. */
const MAX_RECONNECT_MS = 2000;
const START = '/StartWorkflowExecution';
const LONG_POLL = '/GetWorkflowExecutionHistory';

/**
 * A client that connects on its first call, and again whenever it must: the app starts while Temporal is away, and
 * recovers without a restart. Nothing is sent here, so this cannot fail for lack of a server.
 */
export function connectTemporal(options: TemporalOptions): TemporalConnection {
  const connection = Connection.lazy({
    address: options.hostPort,
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
    interceptors: [retries(tellingOutages(options))],
    channelArgs: {
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': MAX_RECONNECT_MS,
    },
  });
  const { namespace, tracing } = options;
  const interceptors = { workflow: tracing === undefined ? [] : [tracedCalls(tracing)] };
  const client = new Client({ connection, namespace, interceptors });
  return { client, connection, close: () => connection.close() };
}

type Interceptor = ReturnType<typeof makeGrpcRetryInterceptor>;
type OnEnd = (path: string, status: GrpcStatus) => void;

/** Hears how each call ended, after all its repetitions; the log has one line for all of an outage. */
function tellingOutages({ hostPort, logger }: TemporalOptions): OnEnd {
  if (logger === undefined) return () => undefined;
  const remedy = 'start Temporal there, or correct TEMPORAL_HOSTPORT';
  const outage = createOutageLog({ logger, what: 'temporal', address: hostPort, remedy });
  return (path, status) => {
    const found = reachability(status);
    if (found === 'reached') outage.worked();
    // A long poll ends at its deadline because nothing happened.
    else if (found === 'away' || (found === 'late' && !path.endsWith(LONG_POLL)))
      outage.failed(status.details);
  };
}

/**
 * The client's own repetitions keep the request's id, so that the server recognises them. A start is repeated only
 * after an attempt that never left: then the last attempt's "never sent" holds for the whole call.
 */
function retries(onEnd: OnEnd): Interceptor {
  const usual = defaultGrpcRetryOptions({ maxAttempts: ATTEMPTS });
  const unsent: typeof usual.retryableDecider = (attempt, status) => attempt < ATTEMPTS && neverSent(status);
  return (options, nextCall) => {
    const { path } = options.method_definition;
    const isRepeatable = path.endsWith(START) ? unsent : usual.retryableDecider;
    // The SDK asks this of every status, success included.
    const retryableDecider: typeof unsent = (attempt, status) => {
      const again = isRepeatable(attempt, status);
      if (!again) onEnd(path, status);
      return again;
    };
    return makeGrpcRetryInterceptor({ ...usual, retryableDecider })(options, nextCall);
  };
}
