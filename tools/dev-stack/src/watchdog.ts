import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/** The line to the process that stops everything when this one is killed. */
export interface Watchdog {
  readonly pid: number | undefined;
  add(leader: number, cleanup?: readonly string[]): void;
  remove(leader: number): void;
  /** A directory to remove when this process dies. */
  addDirectory(path: string): void;
  /** All is stopped: the watchdog leaves without doing anything. */
  release(): Promise<void>;
}

const SCRIPT = fileURLToPath(new URL('../watchdog.mjs', import.meta.url));
const RELEASE_LIMIT_MS = 5_000;

/** Starts the watchdog in a session of its own, so that no signal meant for this program's group reaches it. */
export function startWatchdog(): Watchdog {
  const child: ChildProcess = spawn(process.execPath, [SCRIPT], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
    // Without the loader and inspector options of this process: it must start quickly and never listen.
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  child.unref();
  const pipe = child.stdin;
  pipe?.on('error', () => undefined);
  // A pipe is a socket, whatever its type says; it must not keep this program alive either.
  (pipe as Socket | null)?.unref();
  const say = (message: object) => pipe?.write(`${JSON.stringify(message)}\n`);
  return {
    pid: child.pid,
    add: (leader, cleanup) => void say({ add: leader, cleanup }),
    remove: (leader) => void say({ remove: leader }),
    addDirectory: (path) => void say({ directory: path }),
    release: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => {
        child.once('exit', () => {
          resolve();
        });
        setTimeout(resolve, RELEASE_LIMIT_MS).unref();
      });
      child.ref();
      say({ release: true });
      pipe?.end();
      await gone;
    },
  };
}
