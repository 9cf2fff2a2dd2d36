import { type Connection } from '@temporalio/client';
import { type HostPort } from './address';

const CONNECT_LIMIT_MS = 2_000;
const CALL_LIMIT_MS = 5_000;

/**
 * Opens a connection, runs `work` with the service stub, and closes it. The client is loaded on first use: it takes
 * half a second, which whoever only wants Redis need not pay.
 */
async function withTemporal<T>(
  { host, port }: HostPort,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const temporal = await import('@temporalio/client');
  const connection = await temporal.Connection.connect({
    address: `${host}:${port}`,
    connectTimeout: CONNECT_LIMIT_MS,
  });
  try {
    return await connection.withDeadline(Date.now() + CALL_LIMIT_MS, () => work(connection));
  } finally {
    await connection.close();
  }
}

/** Whether a Temporal frontend answers there. */
export async function temporalAnswers(address: HostPort): Promise<boolean> {
  return withTemporal(address, (connection) => connection.workflowService.getSystemInfo({})).then(
    () => true,
    () => false,
  );
}

/**
 * Sets how long closed runs stay readable.
 * @throws while the server or its namespace is not ready.
 */
export async function setRetention(address: HostPort, namespace: string, days: number): Promise<void> {
  const { msToTs, optionalTsToMs: tsToMs } = await import('@temporalio/common/lib/time');
  await withTemporal(address, async ({ workflowService }) => {
    const { config } = await workflowService.describeNamespace({ namespace });
    const milliseconds = days * 24 * 60 * 60 * 1000;
    if (tsToMs(config?.workflowExecutionRetentionTtl) === milliseconds) return;
    await workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: msToTs(milliseconds) },
    });
  });
}
