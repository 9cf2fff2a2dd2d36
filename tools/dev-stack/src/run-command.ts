import { type ProcessGroup } from './process-group';
import { type Exit } from './managed-process';

export interface RunLimits {
  timeoutMs: number;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Called every ten seconds with the seconds passed: long work must show that it goes on. */
  onTick?: (seconds: number) => void;
  /** After `afterMs`, and each second from then on: true gives the command up early. */
  hopeless?: { afterMs: number; ask: () => Promise<boolean> };
}

export interface RunResult {
  /** null when it was ended by a signal, or given up. */
  code: number | null;
  output: string;
  timedOut: boolean;
}

export type RunCommand = (command: string, args: readonly string[], limits: RunLimits) => Promise<RunResult>;

const TICK_MS = 10_000;
const HOPELESS_EVERY_MS = 1_000;

/**
 * Runs commands within a group: bounded in time, and stopped together with everything else. What such a command came
 * to is no result: it throws then.
 */
export function createRunCommand(group: ProcessGroup): RunCommand {
  return async (command, args, limits) => {
    const lines: string[] = [];
    let running;
    try {
      running = group.start({
        name: command,
        command,
        args,
        output: 'quiet',
        mayEnd: true,
        graceMs: 500,
        onLine: (line) => lines.push(line),
        env: withoutColours(limits.env ?? process.env),
        ...(limits.cwd === undefined ? {} : { cwd: limits.cwd }),
      });
    } catch (error) {
      group.ending.throwIfAborted();
      return { code: 127, output: error instanceof Error ? error.message : '', timedOut: false };
    }
    const ticks = startTicks(limits.onTick);
    const bound = giveUp(limits);
    const first = await Promise.race([running.exited, bound.reached]);
    clearInterval(ticks);
    bound.cancel();
    if (first === 'too late') await running.stop();
    group.ending.throwIfAborted();
    const exit: Exit = first === 'too late' ? { code: null, signal: 'SIGTERM' } : first;
    return { code: exit.code, output: lines.join('\n'), timedOut: first === 'too late' };
  };
}

/** What it prints is read by a program. Some take even FORCE_COLOR=0 for a yes. */
function withoutColours(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const plain = { ...env, NO_COLOR: '1' };
  Reflect.deleteProperty(plain, 'FORCE_COLOR');
  return plain;
}

function startTicks(onTick: RunLimits['onTick']): NodeJS.Timeout | undefined {
  if (onTick === undefined) return undefined;
  const started = Date.now();
  return setInterval(() => {
    onTick(Math.round((Date.now() - started) / 1000));
  }, TICK_MS);
}

function giveUp({ timeoutMs, hopeless }: RunLimits): { reached: Promise<'too late'>; cancel: () => void } {
  const timers: NodeJS.Timeout[] = [];
  const reached = new Promise<'too late'>((resolve) => {
    const reach = () => {
      resolve('too late');
    };
    timers.push(setTimeout(reach, timeoutMs));
    if (hopeless === undefined) return;
    const ask = () => void hopeless.ask().then((hopelessNow) => hopelessNow && reach());
    timers.push(
      setTimeout(() => {
        ask();
        timers.push(setInterval(ask, HOPELESS_EVERY_MS));
      }, hopeless.afterMs),
    );
  });
  return { reached, cancel: () => timers.forEach(clearTimeout) };
}
