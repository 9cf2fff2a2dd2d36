import { createProcessGroup, type ProcessGroup } from '@loom/dev-stack';

/** How a program ended, with everything it printed. */
export interface Ended {
  code: number | null;
  output: string;
}

/** One of the two commands, run as a person runs it. */
export interface RunningProgram {
  pid: number;
  /** Resolves with the line that fits; rejects when the program ends without one. */
  line(pattern: RegExp): Promise<string>;
  ended: Promise<Ended>;
  signal: (signal: NodeJS.Signals) => void;
}

/** Runs `script` with `args`; `env` comes on top of this process's own. */
export function runScript(
  group: ProcessGroup,
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
): RunningProgram {
  const lines: string[] = [];
  const waiting: { pattern: RegExp; found: (line: string) => void }[] = [];
  const running = group.start({
    name: script,
    command: process.execPath,
    args: ['tools/dev-stack/bootstrap.mjs', script, ...args],
    output: 'quiet',
    mayEnd: true,
    env: { ...process.env, NO_COLOR: '1', ...env },
    onLine: (line) => {
      lines.push(line);
      for (const { pattern, found } of waiting) if (pattern.test(line)) found(line);
    },
  });
  const ended = running.exited.then(({ code }) => ({ code, output: lines.join('\n') }));
  return {
    pid: running.pid,
    ended,
    signal: (signal) => {
      running.signal(signal);
    },
    line: async (pattern) => {
      const already = lines.find((line) => pattern.test(line));
      if (already !== undefined) return already;
      const found = new Promise<string>((settle) => {
        waiting.push({ pattern, found: settle });
      });
      const early = ended.then(({ code, output }): string => {
        throw new Error(`${script} ended with ${code ?? 'a signal'}, without ${pattern.source}:\n${output}`);
      });
      return await Promise.race([found, early]);
    },
  };
}

export { createProcessGroup };
