import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import {
  freePort,
  startService,
  testRedisAddr,
  testTemporalAddr,
  type ManagedProcess,
  type ProcessGroup,
} from '@loom/dev-stack';

/** One of Loom's programs with telemetry on, alone. */
export interface TracedProgram {
  url: string;
  running: ManagedProcess;
  /** Its log lines as far as they are JSON. */
  lines: Record<string, unknown>[];
}

/** Sends spans almost at once, as JSON, to the collector at `endpoint`. */
export const tracedTo = (endpoint: string): Record<string, string> => ({
  OTEL_ENABLED: 'true',
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_BSP_SCHEDULE_DELAY: '100',
});

/** Starts `dist/apps/{app}`; it lives, but need not be ready. */
export async function startTraced(
  group: ProcessGroup,
  app: 'api' | 'sample-migrator',
  env: Record<string, string>,
): Promise<TracedProgram> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const lines: Record<string, unknown>[] = [];
  const running = await startService(group, {
    name: app,
    command: process.execPath,
    args: [resolve('dist/apps', app, 'main.js')],
    output: 'quiet',
    readyUrl: `${url}/healthz`,
    onLine: (line) => {
      if (line.startsWith('{')) lines.push(JSON.parse(line) as Record<string, unknown>);
    },
    env: { ...process.env, ...surroundings(group), ...env, PORT: String(port) },
  });
  return { url, running, lines };
}

function surroundings(group: ProcessGroup): Record<string, string> {
  return {
    REDIS_ADDR: testRedisAddr(),
    TEMPORAL_HOSTPORT: testTemporalAddr(),
    LOOM_TASK_QUEUE: `e2e-${randomUUID()}`,
    MIGRATOR_REDIS_PREFIX: `e2e-${randomUUID()}:{migrator}:`,
    MIGRATOR_WORK_DIR: group.temporaryDirectory('migrator-'),
  };
}
