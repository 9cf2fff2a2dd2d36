import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { signalGroup } from './alive';
import { DevStackError } from './errors';
import { createLineCutter } from './line-log';
import { within } from './wait';

export interface ProcessSpec {
  name: string;
  command: string;
  args?: readonly string[];
  cwd?: string;
  /** The whole environment; default: this process's own. */
  env?: NodeJS.ProcessEnv;
  /** `lines`: each line behind a prefix; `quiet`: only to `logFile`, if any; `inherit`: straight to the terminal. */
  output?: 'lines' | 'quiet' | 'inherit';
  logFile?: string;
  onLine?: (line: string) => void;
  /** Its end is part of the plan, and is not reported as unexpected. */
  mayEnd?: boolean;
  /** Run after it was stopped, also by the watchdog: what a container needs, whose client alone is our child. */
  cleanup?: readonly string[];
  /** Between SIGTERM and SIGKILL, in milliseconds. */
  graceMs?: number;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ManagedProcess {
  readonly name: string;
  readonly pid: number;
  /** Settles when it has ended and its output was read. */
  readonly exited: Promise<Exit>;
  hasEnded(): boolean;
  /** The end of what it wrote, at most 40 lines. */
  lastLines(): string[];
  /** SIGTERM to its whole group, SIGKILL after the grace; settles when nothing of it is left. */
  stop(): Promise<Exit>;
  /** Sends a signal to its whole group at once; the end that follows counts as expected. */
  kill(signal?: NodeJS.Signals): Promise<Exit>;
  /** From now on its end counts as unexpected: it has become a server. Nothing, once it is being stopped. */
  mustStay(): void;
  /** Passes a signal on to its whole group, without waiting. */
  signal(signal: NodeJS.Signals): void;
}

const LAST_LINES = 40;
const DEFAULT_GRACE_MS = 10_000;
/** A grandchild may hold the output open after its leader's end: what is read is then cut off. */
const OUTPUT_TAIL_MS = 500;
const KILLED_LIMIT_MS = 2_000;

interface Hooks {
  line: (name: string, text: string) => void;
  /** Called once; `expected` is false when nobody had asked for the end. */
  ended: (process: ManagedProcess, exit: Exit, expected: boolean) => void;
}

/**
 * Starts a program as leader of its own process group.
 * @throws DevStackError when it cannot be started at all.
 */
export function startManaged(spec: ProcessSpec, hooks: Hooks): ManagedProcess {
  const output = spec.output ?? 'lines';
  const child = spawn(spec.command, [...(spec.args ?? [])], {
    detached: true,
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
    env: spec.env ?? process.env,
    stdio: output === 'inherit' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  child.on('error', () => undefined);
  const { pid } = child;
  if (pid === undefined)
    throw new DevStackError(`cannot start ${spec.name}: ${spec.command} does not run here`);
  const last: string[] = [];
  const file = spec.logFile === undefined ? undefined : createWriteStream(spec.logFile, { flags: 'a' });
  file?.on('error', () => undefined);
  readLines(child, file, (line) => {
    last.push(line);
    if (last.length > LAST_LINES) last.shift();
    if (output === 'lines') hooks.line(spec.name, line);
    spec.onLine?.(line);
  });
  let expected = spec.mayEnd ?? false;
  let stopping = false;
  let ended: Exit | undefined;
  const exited = exitOf(child).then((exit) => {
    ended = exit;
    file?.end();
    hooks.ended(managed, exit, expected);
    return exit;
  });
  const managed: ManagedProcess = {
    name: spec.name,
    pid,
    exited,
    hasEnded: () => ended !== undefined,
    lastLines: () => [...last],
    mustStay: () => {
      if (!stopping) expected = false;
    },
    signal: (signal) => void signalGroup(pid, signal),
    kill: async (signal = 'SIGKILL') => {
      stopping = expected = true;
      signalGroup(pid, signal);
      return exited;
    },
    stop: async () => {
      stopping = expected = true;
      await endGroup(pid, exited, spec.graceMs ?? DEFAULT_GRACE_MS);
      return exited;
    },
  };
  return managed;
}

function readLines(child: ChildProcess, file: WriteStream | undefined, onLine: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    const cutter = createLineCutter((line) => {
      file?.write(`${line}\n`);
      onLine(line);
    });
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      cutter.push(chunk);
    });
    stream.on('end', () => {
      cutter.flush();
    });
  }
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    let tail: NodeJS.Timeout | undefined;
    child.once('exit', (code, signal) => {
      tail = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve({ code, signal });
      }, OUTPUT_TAIL_MS);
    });
    child.once('close', (code, signal) => {
      clearTimeout(tail);
      resolve({ code, signal });
    });
  });
}

/** The leader may end before those it started: the group is what has to be gone. */
async function endGroup(leader: number, exited: Promise<Exit>, graceMs: number): Promise<void> {
  const deadline = Date.now() + graceMs;
  signalGroup(leader, 'SIGTERM');
  await within(graceMs, exited.then(ignore), ignore);
  while (Date.now() < deadline && signalGroup(leader, 0)) await delay(25);
  if (!signalGroup(leader, 'SIGKILL')) return;
  await within(KILLED_LIMIT_MS, exited.then(ignore), ignore);
}

function ignore(): void {
  return undefined;
}
