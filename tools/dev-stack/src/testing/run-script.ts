import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processesMarked } from './marked-processes';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

export interface RunningScript {
  child: ChildProcess;
  output: () => string;
  /** The first line of its output that `pattern` matches. */
  printed: (pattern: RegExp) => Promise<string>;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** What it has left in its temporary directory; tsx's cache is not its own. */
  leftFiles: () => string[];
  /** Removes that directory. */
  cleanUp: () => void;
  /** It and all it has started, in whatever depth, that still run. */
  left: () => number[];
}

/** Runs a file of `src` with tsx as the loader, marked so that all it leaves behind can be found. */
export function runScript(
  file: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): RunningScript {
  return track((marked) =>
    spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'tools/dev-stack/src', file), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env, ...marked },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

/** The same for any other child. */
export function track(start: (marked: Record<string, string>) => ChildProcess): RunningScript {
  const marker = randomUUID();
  // Its temporary directory bears the mark too: see `processesMarked`.
  const temporary = join(tmpdir(), `loom-test-${marker}`);
  mkdirSync(temporary);
  const child = start({ LOOM_TEST_MARKER: marker, TMPDIR: temporary });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  }
  const ended = once(child, 'close').then(([code, signal]: unknown[]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }));
  const lineOf = (pattern: RegExp) =>
    output
      .split('\n')
      .slice(0, -1)
      .find((line) => pattern.test(line));
  return {
    child,
    ended,
    output: () => output,
    left: () => processesMarked(marker),
    leftFiles: () => readdirSync(temporary).filter((name) => !name.startsWith('tsx-')),
    cleanUp: () => {
      for (const pid of processesMarked(marker)) process.kill(pid, 'SIGKILL');
      rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
    },
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const line = lineOf(pattern);
          if (line !== undefined) resolve(line);
        };
        child.stdout?.on('data', look);
        child.stderr?.on('data', look);
        void ended.then(() => {
          look();
          reject(new Error(`it ended without printing ${String(pattern)}:\n${output}`));
        });
        look();
      }),
  };
}
