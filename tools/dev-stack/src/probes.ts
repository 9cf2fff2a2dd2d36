import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type HostPort } from './address';
import { type ProcessGroup } from './process-group';
import { redisAnswers } from './redis-client';
import { createRunCommand, type RunCommand } from './run-command';
import { temporalAnswers } from './temporal-client';

/** What the chains ask of the machine; tests put their own in its place. */
export interface Probes {
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  arch: string;
  /** undefined where there are no user ids. */
  uid: number | undefined;
  home: string;
  /** This user's cache of Loom; it need not exist. */
  cacheDirectory: string;
  /** The full path of a program on PATH. */
  which: (name: string) => Promise<string | undefined>;
  isExecutable: (path: string) => Promise<boolean>;
  readText: (path: string) => Promise<string | undefined>;
  run: RunCommand;
  redisAnswers: (address: HostPort) => Promise<boolean>;
  temporalAnswers: (address: HostPort) => Promise<boolean>;
  report: (line: string) => void;
}

/** The probes of this machine; what they run belongs to `group`. */
export function createProbes(group: ProcessGroup, report: (line: string) => void, env = process.env): Probes {
  const home = homedir();
  const cacheHome = env['XDG_CACHE_HOME'];
  return {
    env,
    platform: process.platform,
    arch: process.arch,
    uid: process.getuid?.(),
    home,
    cacheDirectory: join(
      cacheHome === undefined || cacheHome === '' ? join(home, '.cache') : cacheHome,
      'loom',
    ),
    which: (name) => findOnPath(name, env['PATH'] ?? ''),
    isExecutable,
    readText: (path) => readFile(path, 'utf8').catch(() => undefined),
    run: createRunCommand(group),
    redisAnswers,
    temporalAnswers,
    report,
  };
}

async function findOnPath(name: string, path: string): Promise<string | undefined> {
  for (const directory of path.split(delimiter).filter((entry) => entry !== '')) {
    const candidate = join(directory, name);
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
