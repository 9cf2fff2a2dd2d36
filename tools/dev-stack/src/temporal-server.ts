import { join } from 'node:path';
import { type ProcessGroup } from './process-group';
import { launchOf, type Program } from './program';
import { type Server, startServer } from './server';
import { setRetention } from './temporal-client';

export interface TemporalOptions {
  group: ProcessGroup;
  program: Program;
  /** Holds the database; the same directory gives the same workflows. */
  directory: string;
  /** Default 0: a free one. */
  port?: number;
  /** Serves the web UI there; without it there is none. */
  uiPort?: number;
  /** Default true: the settings below. False starts the server as it comes. */
  tuned?: boolean;
  /** Serves the server's own Prometheus metrics there, at /metrics. */
  metricsPort?: number;
  logFile?: string;
}

const NAMESPACE = 'default';
/** The server's own default of one day would lose a finished migration's runs over a weekend. */
const RETENTION_DAYS = 7;
/** The first start makes the database's schema. */
const READY_TIMEOUT_MS = 60_000;

/**
 * The dev server has one shard, and lets 20 transfer tasks a second through it: every hop would take 100 ms. The
 * second setting saves the rest of that queue for activities that this worker can take itself.
 */
const TUNED = ['history.transferProcessorMaxPollRPS=5000', 'system.enableActivityEagerExecution=true'];

/**
 * Starts a Temporal dev server on a database file, with the namespace `default`.
 * @throws DevStackError when a port is taken or the server does not get ready.
 */
export async function startTemporal(options: TemporalOptions): Promise<Server> {
  const { group, program, directory, uiPort } = options;
  return startServer(group, {
    name: 'temporal',
    directory,
    port: options.port ?? 0,
    portVariable: 'another port for Temporal',
    readyTimeoutMs: READY_TIMEOUT_MS,
    ownsItsPort: program.kind === 'binary',
    ...(options.logFile === undefined ? {} : { logFile: options.logFile }),
    launch: (port) =>
      launchOf(program, {
        tool: 'temporal',
        directory,
        ports: uiPort === undefined ? [port] : [port, uiPort],
        args: (bindHost) => temporalArguments({ ...options, port, bindHost }),
      }),
    ready: (port) => setRetention({ host: '127.0.0.1', port }, NAMESPACE, RETENTION_DAYS),
  });
}

/** HTTP and the inner services' ports are left out, and metrics unless asked for: the server takes free ones for them. */
export function temporalArguments(options: TemporalOptions & { port: number; bindHost: string }): string[] {
  const { port, bindHost, directory, uiPort, metricsPort, tuned = true } = options;
  return [
    'server',
    'start-dev',
    ...['--ip', bindHost, '--port', String(port)],
    ...(uiPort === undefined ? ['--headless'] : ['--ui-ip', bindHost, '--ui-port', String(uiPort)]),
    ...(metricsPort === undefined ? [] : ['--metrics-port', String(metricsPort)]),
    ...['--db-filename', join(directory, 'temporal.db')],
    ...['--namespace', NAMESPACE],
    ...['--log-level', 'error'],
    ...(tuned ? TUNED.flatMap((setting) => ['--dynamic-config-value', setting]) : []),
  ];
}
