import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Part } from './parts';

export interface Outcome {
  part: Part;
  code: number;
  seconds: number;
  log: string;
}

export interface RunDeps {
  env: NodeJS.ProcessEnv;
  /** Where its output goes, a file a part. */
  logs: string;
  say: (line: string) => void;
  /** A part that runs longer is asked to end (SIGTERM), in milliseconds. */
  limitMs: number;
  /** From then to its SIGKILL. */
  graceMs: number;
  /** Ends what runs now; kept up to date. */
  running: Set<() => void>;
}

const HEARTBEAT_MS = 30_000;
/** Somebody who left the part's process group may hold its output open. */
const OUTPUT_TAIL_MS = 5000;

/** Runs one part to its end, or to its limit. */
export async function runPart(part: Part, deps: RunDeps): Promise<Outcome> {
  const log = `${deps.logs}/${part.name.replaceAll(' ', '-')}.log`;
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const [program = '', ...args] = part.command;
  const out = createWriteStream(log);
  const child = spawn(program, args, { env: deps.env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  child.stdout.pipe(out, { end: false });
  child.stderr.pipe(out, { end: false });
  const beat = setInterval(() => {
    deps.say(`  …  ${part.name} (${seconds()} s)`);
  }, HEARTBEAT_MS);
  const end = () => {
    signalGroup(child, 'SIGTERM');
  };
  deps.running.add(end);
  const bound = boundTime(child, deps, (line) => out.write(`${line}\n`));
  const code = await endOf(child, (line) => out.write(`${line}\n`));
  bound.cancel();
  deps.running.delete(end);
  clearInterval(beat);
  out.end();
  await finished(out);
  deps.say(`  ${code === 0 ? 'ok' : 'FAILED'}  ${part.name} (${seconds()} s)`);
  return { part, code, seconds: seconds(), log };
}

function boundTime(
  child: ChildProcess,
  { limitMs, graceMs }: RunDeps,
  say: (line: string) => void,
): { cancel: () => void } {
  let killing: NodeJS.Timeout | undefined;
  const limit = setTimeout(() => {
    say(`ended after ${limitMs / 1000} s: that is the limit of any part`);
    signalGroup(child, 'SIGTERM');
    killing = setTimeout(() => {
      signalGroup(child, 'SIGKILL');
    }, graceMs);
  }, limitMs);
  return {
    cancel: () => {
      clearTimeout(limit);
      clearTimeout(killing);
    },
  };
}

function endOf(child: ChildProcess, say: (line: string) => void): Promise<number> {
  return new Promise((settle) => {
    let tail: NodeJS.Timeout | undefined;
    child.once('error', (error) => {
      say(error.message);
      settle(127);
    });
    child.once('exit', (code) => {
      tail = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        settle(code ?? 1);
      }, OUTPUT_TAIL_MS);
    });
    child.once('close', (code) => {
      clearTimeout(tail);
      settle(code ?? 1);
    });
  });
}

/** It may have ended meanwhile. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
