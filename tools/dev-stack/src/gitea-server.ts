import { writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DevStackError } from './errors';
import { lastLine } from './docker-link';
import { giteaAnswers, type GiteaProgram, type RunningGitea } from './gitea-program';
import { giteaSettings, settingsFile } from './gitea-settings';
import { type Probes } from './probes';
import { type ProcessGroup } from './process-group';
import { startServer } from './server';

export interface GiteaOptions {
  group: ProcessGroup;
  probes: Probes;
  program: GiteaProgram;
  /** Everything that it writes is below it. It is there, is empty, and becomes Gitea's own. */
  directory: string;
}

/** `nobody` on every Unix. */
const NOBODY = 65_534;
const COMMAND_LIMIT_MS = 60_000;
const READY_TIMEOUT_MS = 60_000;

/** How Gitea is run, which refuses to be run by root. */
interface Runner {
  path: string;
  staticRoot: string | undefined;
  /** The command line behind which Gitea's own stands. */
  before: readonly string[];
  /** Gives what was written in the directory to whom Gitea runs as. */
  handOver(): Promise<void>;
}

/**
 * Starts a Gitea of its own on a free port of the loopback, with one administrator and his token.
 * @throws DevStackError when it cannot be prepared or does not get ready.
 */
export async function startGitea(options: GiteaOptions): Promise<RunningGitea> {
  const { group, probes, directory } = options;
  const runner = probes.uid === 0 ? await asNobody(options) : asOurselves(options);
  // Variables of its own (GITEA_CUSTOM, …) would lead it to somebody's real installation.
  const env = { PATH: probes.env['PATH'], HOME: directory };
  const write = (port: number): void => {
    const settings = giteaSettings({ directory, staticRoot: runner.staticRoot, port });
    writeFileSync(settingsFile(directory), settings, { mode: 0o644 });
  };
  const commandLine = (args: readonly string[]): string[] => [
    ...runner.before,
    runner.path,
    ...args,
    '--config',
    settingsFile(directory),
  ];
  const command = async (...args: string[]): Promise<string> => {
    const [name = '', ...rest] = commandLine(args);
    const { code, output } = await probes.run(name, rest, {
      timeoutMs: COMMAND_LIMIT_MS,
      env,
      cwd: directory,
    });
    if (code !== 0) throw new DevStackError(`gitea ${args[0] ?? ''} failed: ${lastLine(output)}`);
    return output;
  };

  write(0);
  await runner.handOver();
  await command('migrate');
  const token = await createAdministrator(command);
  let url = '';
  await startServer(group, {
    name: 'gitea',
    directory,
    port: 0,
    portVariable: 'another port for Gitea',
    readyTimeoutMs: READY_TIMEOUT_MS,
    ownsItsPort: true,
    env,
    launch: (port) => {
      write(port);
      url = `http://127.0.0.1:${port}`;
      const [name = '', ...args] = commandLine(['web']);
      return { command: name, args };
    },
    ready: async () => {
      if (!(await giteaAnswers({ url, token }))) throw new Error('it does not answer');
    },
  });
  return { url, token };
}

async function createAdministrator(command: (...args: string[]) => Promise<string>): Promise<string> {
  const who = ['--username', 'loom', '--email', 'loom@example.invalid', '--random-password', '--admin'];
  const token = ['--access-token', '--access-token-scopes', 'all'];
  const output = await command('admin', 'user', 'create', ...who, '--must-change-password=false', ...token);
  const found = /\b[0-9a-f]{40}\b/.exec(output)?.[0];
  if (found === undefined) throw new DevStackError('gitea made no token for its administrator');
  return found;
}

function asOurselves({ program }: GiteaOptions): Runner {
  return { ...program, before: [], handOver: () => Promise.resolve() };
}

/** What root has may be closed to others: Gitea gets a copy of its program in its own directory. */
async function asNobody({ probes, program, directory }: GiteaOptions): Promise<Runner> {
  const setpriv = await probes.which('setpriv');
  if (setpriv === undefined)
    throw new DevStackError(
      'Gitea does not run as root, and there is no setpriv to run it as nobody: run this as another user, or install util-linux',
    );
  const own = join(directory, 'program');
  const { staticRoot } = program;
  await cp(staticRoot ?? program.path, staticRoot === undefined ? join(own, basename(program.path)) : own, {
    recursive: true,
    dereference: true,
  });
  const user = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  return {
    path: join(own, basename(program.path)),
    staticRoot: staticRoot === undefined ? undefined : own,
    before: [setpriv, ...user, '--'],
    handOver: async () => {
      const owner = `${NOBODY}:${NOBODY}`;
      const { code, output } = await probes.run('chown', ['-R', owner, directory], {
        timeoutMs: COMMAND_LIMIT_MS,
        cwd: dirname(directory),
      });
      if (code !== 0) throw new DevStackError(`chown ${directory}: ${lastLine(output)}`);
    },
  };
}
