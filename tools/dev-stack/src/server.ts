import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { DevStackError, messageOf } from './errors';
import { freePort } from './free-port';
import { type Exit, type ManagedProcess } from './managed-process';
import { holdsPort, requireFreePort } from './port-check';
import { type ProcessGroup } from './process-group';
import { type Launch } from './program';
import { waitUntil } from './wait';

/** A server this program has started. After `restart` it has the same address and directory, and another pid. */
export interface Server {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** host:port */
  readonly address: string;
  readonly directory: string;
  readonly pid: number;
  stop(): Promise<void>;
  /** kill -9 by default; settles when it is dead. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Stops it when it still runs, and starts it again on the same port and directory; settles when it answers. */
  restart(): Promise<void>;
}

export interface ServerSpec {
  name: string;
  directory: string;
  /** 0 takes a free one. */
  port: number;
  /** The setting to name when a given port is taken. */
  portVariable: string;
  launch: (port: number) => Launch;
  /** Asks once; throws while the server is not ready. */
  ready: (port: number) => Promise<void>;
  readyTimeoutMs: number;
  /** Only then can /proc say whether the port is really held by this process, not by a stranger. */
  ownsItsPort: boolean;
  logFile?: string;
  env?: NodeJS.ProcessEnv;
}

const HOST = '127.0.0.1';
const FREE_PORT_ATTEMPTS = 5;
/** A port just left by a killed server is free at once; one that a client grabbed as its own end is free soon. */
const SAME_PORT_ATTEMPTS = 10;
const SAME_PORT_PAUSE_MS = 500;

/**
 * Starts a server and waits until it answers.
 * @throws DevStackError when the given port is taken, or it does not get ready; its last lines are part of the text.
 */
export async function startServer(group: ProcessGroup, spec: ServerSpec): Promise<Server> {
  await mkdir(spec.directory, { recursive: true });
  await requireFreePort(spec.port, spec.portVariable);
  let { port } = spec;
  let running = await firstStart(group, spec, (chosen) => (port = chosen));
  return {
    name: spec.name,
    host: HOST,
    port,
    address: `${HOST}:${port}`,
    directory: spec.directory,
    get pid() {
      return running.pid;
    },
    stop: async () => {
      await running.stop();
    },
    kill: async (signal) => {
      await running.kill(signal);
    },
    restart: async () => {
      await running.stop();
      running = await retried(
        SAME_PORT_ATTEMPTS,
        async () => {
          const started = await startOnce(group, spec, port);
          if (started === 'port taken') await delay(SAME_PORT_PAUSE_MS);
          return started;
        },
        spec,
      );
    },
  };
}

function firstStart(
  group: ProcessGroup,
  spec: ServerSpec,
  choose: (port: number) => void,
): Promise<ManagedProcess> {
  return retried(
    spec.port === 0 ? FREE_PORT_ATTEMPTS : 1,
    async () => {
      const port = spec.port === 0 ? await freePort(HOST) : spec.port;
      choose(port);
      return startOnce(group, spec, port);
    },
    spec,
  );
}

async function retried(
  times: number,
  start: () => Promise<ManagedProcess | 'port taken'>,
  spec: ServerSpec,
): Promise<ManagedProcess> {
  for (let left = times; left > 0; left -= 1) {
    const started = await start();
    if (started !== 'port taken') return started;
  }
  throw new DevStackError(`${spec.name} found no port it could listen on, in ${times} attempts`);
}

async function startOnce(
  group: ProcessGroup,
  spec: ServerSpec,
  port: number,
): Promise<ManagedProcess | 'port taken'> {
  const { command, args, cleanup } = spec.launch(port);
  const running = group.start({
    name: spec.name,
    command,
    args,
    cwd: spec.directory,
    output: 'quiet',
    ...(cleanup === undefined ? {} : { cleanup }),
    ...(spec.logFile === undefined ? {} : { logFile: spec.logFile }),
    ...(spec.env === undefined ? {} : { env: spec.env }),
    // Until it is ready an early end is this function's to report.
    mayEnd: true,
  });
  try {
    await readyOrEnded(spec, port, running);
    running.mustStay();
    return running;
  } catch (error) {
    await running.stop();
    if (error instanceof PortLostError) return 'port taken';
    const lines = running.lastLines().slice(-10).join('\n  ');
    throw new DevStackError(
      `${spec.name} did not start: ${messageOf(error)}${lines === '' ? '' : `\n  ${lines}`}`,
    );
  }
}

class PortLostError extends Error {}

async function readyOrEnded(spec: ServerSpec, port: number, running: ManagedProcess): Promise<void> {
  let ended: Exit | undefined;
  void running.exited.then((exit) => (ended = exit));
  const limits = { timeoutMs: spec.readyTimeoutMs };
  const state = { over: undefined as Error | undefined };
  await waitUntil(
    `${spec.name} on port ${port}`,
    async () => {
      if (ended !== undefined) {
        state.over = endedEarly(ended, running.lastLines());
        return true;
      }
      await spec.ready(port);
      return !spec.ownsItsPort || (await holdsPort(running.pid, port)) !== false;
    },
    limits,
  );
  if (state.over !== undefined) throw state.over;
}

function endedEarly(exit: Exit, lines: readonly string[]): Error {
  if (lines.some((line) => /address already in use|EADDRINUSE/i.test(line))) return new PortLostError();
  return new Error(`it ended with ${exit.signal ?? `code ${exit.code ?? '?'}`}`);
}
