import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { ConnectionOptions } from '@temporalio/client';
import type { Tracing } from '@loom/ports';
import { neverSent } from './engine-errors';
import { tracedCalls } from './traced-calls';

export interface TemporalOptions {
  /** `host:port` of the frontend. */
  hostPort: string;
  namespace: string;
  tls?: ConnectionOptions['tls'];
  apiKey?: string | undefined;
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

/**
 * A client that connects on its first call, and again whenever it must: the app starts while Temporal is away, and
 * recovers without a restart. Nothing is sent here, so this cannot fail for lack of a server.
 */
export function connectTemporal(options: TemporalOptions): TemporalConnection {
  const connection = Connection.lazy({
    address: options.hostPort,
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
    interceptors: [retries()],
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

/**
 * The client's own repetitions keep the request's id, so that the server recognises them. A start is repeated only
 * after an attempt that never left: then the last attempt's "never sent" holds for the whole call.
 */
function retries(): Interceptor {
  const usual = defaultGrpcRetryOptions({ maxAttempts: ATTEMPTS });
  const always = makeGrpcRetryInterceptor(usual);
  const unsent = makeGrpcRetryInterceptor({
    ...usual,
    retryableDecider: (attempt, status) => attempt < ATTEMPTS && neverSent(status),
  });
  return (options, nextCall) =>
    (options.method_definition.path.endsWith(START) ? unsent : always)(options, nextCall);
}
