import { type Probes } from '../probes';
import { type RunLimits, type RunResult } from '../run-command';

export interface Machine {
  env?: Record<string, string>;
  platform?: NodeJS.Platform;
  uid?: number;
  cacheDirectory?: string;
  /** Programs on PATH; they lie in /bin. */
  onPath?: string[];
  executables?: string[];
  files?: Record<string, string>;
  /** What a command line prints; one that is not here ends with code 1. */
  answers?: Record<
    string,
    string | ((limits: RunLimits) => Partial<RunResult> | Promise<Partial<RunResult>>)
  >;
  redis?: string[];
  temporal?: string[];
}

export interface FakeProbes extends Probes {
  /** Command lines, in the order they ran. */
  ran: string[];
  reported: string[];
}

/** A machine made of answers: the chains can be asked what they do on it. */
export function fakeProbes(machine: Machine = {}): FakeProbes {
  const ran: string[] = [];
  const reported: string[] = [];
  const executables = new Set([
    ...(machine.executables ?? []),
    ...(machine.onPath ?? []).map((name) => `/bin/${name}`),
  ]);
  return {
    ran,
    reported,
    env: machine.env ?? {},
    platform: machine.platform ?? 'linux',
    arch: 'x64',
    uid: machine.uid ?? 1000,
    home: '/home/me',
    cacheDirectory: machine.cacheDirectory ?? '/home/me/.cache/loom',
    which: (name) => Promise.resolve(machine.onPath?.includes(name) === true ? `/bin/${name}` : undefined),
    isExecutable: (path) => Promise.resolve(executables.has(path)),
    readText: (path) => Promise.resolve(machine.files?.[path]),
    run: async (command, args, limits) => {
      const line = [command, ...args].join(' ');
      ran.push(line);
      const key = Object.keys(machine.answers ?? {}).find((start) => line.startsWith(start));
      const answer = key === undefined ? undefined : machine.answers?.[key];
      if (answer === undefined) return { code: 1, output: '', timedOut: false };
      if (typeof answer === 'string') return { code: 0, output: answer, timedOut: false };
      return { code: 0, output: '', timedOut: false, ...(await answer(limits)) };
    },
    redisAnswers: ({ host, port }) => Promise.resolve(machine.redis?.includes(`${host}:${port}`) === true),
    temporalAnswers: ({ host, port }) =>
      Promise.resolve(machine.temporal?.includes(`${host}:${port}`) === true),
    report: (line) => reported.push(line),
  };
}
