import { randomUUID } from 'node:crypto';
import { DevStackError } from './errors';

/** A server that can be started: a binary of this machine, or an image for its Docker engine. */
export type Program = { kind: 'binary'; path: string } | { kind: 'docker'; image: string };

/** What a chain ends in: something to start, or a server that runs already and is not ours to stop. */
export type Obtained = Program | { kind: 'running'; address: string };

const DOCKER_PREFIX = 'docker:';

/** One word for a program, for an environment variable; `parseProgram` reads it back. */
export function formatProgram(program: Program): string {
  return program.kind === 'binary' ? program.path : `${DOCKER_PREFIX}${program.image}`;
}

/** @throws DevStackError when the text is empty. */
export function parseProgram(text: string): Program {
  if (text === '') throw new DevStackError('a program is a path, or docker:<image>');
  return text.startsWith(DOCKER_PREFIX)
    ? { kind: 'docker', image: text.slice(DOCKER_PREFIX.length) }
    : { kind: 'binary', path: text };
}

export interface Launch {
  command: string;
  args: string[];
  /** What has to be run after its end, whichever way it ended. */
  cleanup?: string[];
}

export interface LaunchPlan {
  /** The program's name inside an image. */
  tool: string;
  /** Mounted at the same path, so that arguments need no translation. */
  directory: string;
  /** Published on the loopback, under the same numbers. */
  ports: readonly number[];
  /** `bindHost` is where it must listen: a container that publishes ports cannot use its own loopback. */
  args: (bindHost: string) => string[];
}

/** Host networking makes a container's ports the machine's own; only Linux has it without being asked. */
export function sharesNetwork(program: Program, platform: NodeJS.Platform = process.platform): boolean {
  return program.kind === 'binary' || platform === 'linux';
}

/** The command line that runs a program, directly or in a container of its own. */
export function launchOf(program: Program, plan: LaunchPlan, platform = process.platform): Launch {
  if (program.kind === 'binary') return { command: program.path, args: plan.args('127.0.0.1') };
  const name = `loom-${plan.tool}-${randomUUID().slice(0, 8)}`;
  const shared = sharesNetwork(program, platform);
  const network = shared
    ? ['--network', 'host']
    : plan.ports.flatMap((port) => ['--publish', `127.0.0.1:${port}:${port}`]);
  const user =
    process.getuid === undefined ? [] : ['--user', `${process.getuid()}:${process.getgid?.() ?? 0}`];
  const mount = ['--volume', `${plan.directory}:${plan.directory}`, '--workdir', plan.directory];
  const args = ['run', '--rm', '--name', name, '--pull', 'missing', ...network, ...user, ...mount];
  return {
    command: 'docker',
    args: [...args, '--entrypoint', plan.tool, program.image, ...plan.args(shared ? '127.0.0.1' : '0.0.0.0')],
    // Killing the client leaves the container; removing one that is gone already does no harm.
    cleanup: ['docker', 'rm', '--force', '--volumes', name],
  };
}
