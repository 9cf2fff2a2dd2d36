import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DevStackError, freePorts } from '@loom/dev-stack';

/** The ports of everything that runs on this machine. */
export interface Ports {
  api: number;
  worker: number;
  migrator: number;
  forge: number;
  temporal: number;
  temporalUi: number;
  redis: number;
}

/** The variable that chooses another port, and the one taken without it. */
export const PORT_VARIABLES: Record<keyof Ports, [variable: string, port: number]> = {
  api: ['PORT', 8080],
  worker: ['LOOM_WORKER_PORT', 8081],
  migrator: ['LOOM_MIGRATOR_PORT', 3001],
  forge: ['LOOM_FORGE_PORT', 3300],
  temporal: ['LOOM_TEMPORAL_PORT', 7233],
  temporalUi: ['LOOM_TEMPORAL_UI_PORT', 8233],
  redis: ['LOOM_REDIS_PORT', 6399],
};

/** Ports as the environment sets them. @throws DevStackError naming the variable that is no port. */
export function portsFrom(env: NodeJS.ProcessEnv): Ports {
  const entries = Object.entries(PORT_VARIABLES).map(([part, [variable, fallback]]) => {
    const text = env[variable] ?? '';
    const port = text === '' ? fallback : Number(text);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new DevStackError(`${variable} is not a port number`);
    return [part, port];
  });
  return Object.fromEntries(entries) as Ports;
}

/** @throws DevStackError one line that names the two variables, where two of `parts` would have one port. */
export function requireDifferentPorts(ports: Ports, parts: readonly (keyof Ports)[]): void {
  for (const [i, part] of parts.entries()) {
    const other = parts.slice(0, i).find((earlier) => ports[earlier] === ports[part]);
    if (other === undefined) continue;
    const [one, two] = [PORT_VARIABLES[other][0], PORT_VARIABLES[part][0]];
    throw new DevStackError(`${one} and ${two} are both ${ports[part]}: set one of them to another port`);
  }
}

/** Ports that nobody uses, so that a demo and a running Loom never meet. */
export async function unusedPorts(): Promise<Ports> {
  const parts = Object.keys(PORT_VARIABLES);
  const ports = await freePorts(parts.length);
  return Object.fromEntries(parts.map((part, i) => [part, ports[i]])) as unknown as Ports;
}

export type Command = 'start' | 'demo';

export interface Arguments {
  fresh: boolean;
  /** Where all state lies. */
  directory: string;
  applications: number;
  /** What `dist` holds is used as it is. A build, even of nothing new, replaces files that others may be reading. */
  built: boolean;
  /** Kill this program in the middle of a demo, and start it again. */
  kill?: 'api' | 'worker' | 'migrator';
}

/** The example world needs some, and git is the limit above. */
const APPLICATIONS = { least: 1, most: 500, usual: 30 };
const KILLABLE = ['api', 'worker', 'migrator'] as const;

const COMMON = { apps: { type: 'string' }, dir: { type: 'string' }, built: { type: 'boolean' } } as const;
const OPTIONS = {
  start: { ...COMMON, fresh: { type: 'boolean' } },
  demo: { ...COMMON, kill: { type: 'string' } },
} as const;
const USAGE: Record<Command, string> = {
  start: '--fresh, --apps N, --dir PATH, --built',
  demo: `--apps N, --dir PATH, --built, --kill ${KILLABLE.join('|')}`,
};
/** Two demos at a time need two directories. */
const DIRECTORIES: Record<Command, string> = { start: '.loom/start', demo: '.loom/demo' };

/** @throws DevStackError that says which argument is wrong, or is none of this command's. */
export function parseArguments(argv: readonly string[], command: Command): Arguments {
  const values = parsed(argv, command);
  const applications = Number(values.apps ?? APPLICATIONS.usual);
  if (
    !Number.isInteger(applications) ||
    applications < APPLICATIONS.least ||
    applications > APPLICATIONS.most
  ) {
    throw new DevStackError(`--apps must be a number from ${APPLICATIONS.least} to ${APPLICATIONS.most}`);
  }
  const kill = KILLABLE.find((name) => name === values.kill);
  if (values.kill !== undefined && kill === undefined)
    throw new DevStackError(`--kill must be one of ${KILLABLE.join(', ')}`);
  if (values.dir === '') throw new DevStackError('--dir must name a directory');
  return {
    fresh: values.fresh ?? false,
    built: values.built ?? false,
    directory: resolve(values.dir ?? DIRECTORIES[command]),
    applications,
    ...(kill === undefined ? {} : { kill }),
  };
}

interface Values {
  apps?: string;
  dir?: string;
  fresh?: boolean;
  built?: boolean;
  kill?: string;
}

function parsed(argv: readonly string[], command: Command): Values {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS[command] }).values as Values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DevStackError(`${reason} (known: ${USAGE[command]})`);
  }
}
