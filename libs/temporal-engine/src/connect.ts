import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

export interface TemporalConnection {
  client: Client;
  connection: Connection;
  close(): Promise<void>;
}

/**
 * A client that connects with its first call and again whenever it must: an app starts while Temporal is away, and
 * recovers without a restart. Calls that may be repeated are, until their deadline. A start is sent once only, so
 * that a refused connection proves that nothing happened.
 */
export function connectTemporal({
  hostPort,
  namespace,
}: {
  hostPort: string;
  namespace: string;
}): TemporalConnection {
  const retrying = makeGrpcRetryInterceptor(defaultGrpcRetryOptions());
  const connection = Connection.lazy({
    address: hostPort,
    interceptors: [
      (options, next) =>
        // gRPC's types name the class here, and its own `next` the interface; they are the same object.
        options.method_definition.path.endsWith('/StartWorkflowExecution')
          ? // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- see above
            (next(options) as ReturnType<typeof retrying>)
          : retrying(options, next),
    ],
    // Knock again soon after an outage; gRPC's own back-off would grow to two minutes.
    channelArgs: { 'grpc.initial_reconnect_backoff_ms': 250, 'grpc.max_reconnect_backoff_ms': 2000 },
  });
  const client = new Client({ connection, namespace });
  return { client, connection, close: () => connection.close() };
}
