import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DevStackError } from './errors';
import { createLineLog, type LineLogOptions } from './line-log';
import { type Exit, type ManagedProcess, type ProcessSpec, startManaged } from './managed-process';
import { startWatchdog, type Watchdog } from './watchdog';

export interface UnexpectedExit extends Exit {
  name: string;
  /** The end of its output. */
  lines: string[];
}

export interface ProcessGroupOptions extends LineLogOptions {
  /** Something ended that nobody had stopped. */
  onUnexpectedExit?: (exit: UnexpectedExit) => void;
}

/** Everything one program has started: stopped by process id, together, and nothing else with it. */
export interface ProcessGroup {
  /** Starts a program in a process group of its own. @throws DevStackError when it cannot be, or all is ending. */
  start(spec: ProcessSpec): ManagedProcess;
  /** A directory below the system's temporary one, removed by `stopAll`, or when this program dies. */
  temporaryDirectory(prefix: string): string;
  /** Stops all, the last started first. It can be called again, and things can be started again. */
  stopAll(): Promise<void>;
  /** The same for good: whatever wants to start something meanwhile fails, and no end is news any more. */
  end(): Promise<void>;
  /** Aborted by `end`. */
  readonly ending: AbortSignal;
  /** SIGKILL to everything, now. */
  killAll(): void;
  /** Process ids of the leaders that run. */
  pids(): number[];
}

const CLEANUP_LIMIT_MS = 20_000;

/**
 * A process group whose members do not outlive this program: a watchdog process stops them even after its kill -9.
 */
export function createProcessGroup(options: ProcessGroupOptions = {}): ProcessGroup {
  const log = createLineLog(options);
  /** In the order of their start, each with the promise that it is gone and forgotten. */
  const running = new Map<ManagedProcess, Promise<void>>();
  const directories = new Set<string>();
  const over = new AbortController();
  let watchdog: Watchdog | undefined;

  const ended = (process: ManagedProcess, exit: Exit, expected: boolean) => {
    if (expected || over.signal.aborted) return;
    options.onUnexpectedExit?.({ name: process.name, ...exit, lines: process.lastLines() });
  };

  async function forget(process: ManagedProcess, spec: ProcessSpec): Promise<void> {
    await process.exited;
    await process.stop();
    if (spec.cleanup !== undefined) await runCleanup(spec.cleanup);
    running.delete(process);
    watchdog?.remove(process.pid);
  }

  async function stopAll(): Promise<void> {
    // One after another: what was started later may need what was started before, until its very end.
    for (let last = [...running].at(-1); last !== undefined; last = [...running].at(-1)) {
      await last[0].stop();
      await last[1];
    }
    for (const path of directories) rmSync(path, { recursive: true, force: true, maxRetries: 5 });
    directories.clear();
    const leaving = watchdog;
    watchdog = undefined;
    await leaving?.release();
  }

  return {
    start(spec) {
      over.signal.throwIfAborted();
      watchdog ??= startWatchdog();
      const managed = startManaged(spec, { line: log.line, ended });
      watchdog.add(managed.pid, spec.cleanup);
      const gone = forget(managed, spec);
      running.set(managed, gone);
      return {
        ...managed,
        stop: async () => {
          const exit = await managed.stop();
          await gone;
          return exit;
        },
        kill: async (signal) => {
          const exit = await managed.kill(signal);
          await gone;
          return exit;
        },
      };
    },
    temporaryDirectory(prefix) {
      watchdog ??= startWatchdog();
      const path = mkdtempSync(join(tmpdir(), prefix));
      watchdog.addDirectory(path);
      directories.add(path);
      return path;
    },
    stopAll,
    ending: over.signal,
    end() {
      over.abort(new DevStackError('everything is being stopped'));
      return stopAll();
    },
    killAll() {
      for (const managed of running.keys()) managed.signal('SIGKILL');
    },
    pids: () => [...running.keys()].map(({ pid }) => pid),
  };
}

function runCleanup([command = '', ...args]: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: CLEANUP_LIMIT_MS }, () => {
      resolve();
    });
  });
}
