// `npm run test:gitea`: what is said to work on a real forge, on a real Gitea. Arguments go to jest.
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { DevStackError } from './errors';
import { obtainGitea } from './gitea-obtain';
import { giteaAnswers } from './gitea-program';
import { startGitea } from './gitea-server';
import { createProbes } from './probes';
import { type ProcessGroup } from './process-group';
import { runProgram } from './run-program';
import { startStack } from './stack';

const BUILD_LIMIT_MS = 5 * 60_000;
const PROJECTS = ['api', 'orchestrator-worker', 'sample-migrator'];
/** Every `x.e2e.test.ts` below them needs a Gitea; none of them is part of `npm test`. */
const FOLDERS = ['apps/sample-migrator', 'tools/gitea', 'tools/local-forge'];
/** A developer's running stack: a test run neither needs it nor may touch it. */
const NOT_OURS = ['REDIS_ADDR', 'REDIS_PASSWORD', 'TEMPORAL_HOSTPORT', 'GITHUB_API_URL', 'GITHUB_TOKEN'];

const report = (line: string): void => {
  console.error(line);
};

async function main(group: ProcessGroup): Promise<number> {
  const probes = createProbes(group, report);
  const obtained = await obtainGitea(probes, giteaAnswers);
  const [gitea, stack] = await Promise.all([
    'url' in obtained
      ? obtained
      : startGitea({ group, probes, program: obtained, directory: group.temporaryDirectory('loom-gitea-') }),
    startStack(['redis', 'temporal'], {
      group,
      probes,
      directory: group.temporaryDirectory('loom-stack-'),
    }),
  ]);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...stack,
    LOOM_TEST_GITEA_URL: gitea.url,
    LOOM_TEST_GITEA_TOKEN: gitea.token,
    ...{ NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true' },
  };
  for (const name of NOT_OURS) Reflect.deleteProperty(env, name);
  const nx = ['node_modules/.bin/nx', 'run-many', '-t', 'build', '-p', PROJECTS.join(',')];
  const built = await probes.run(process.execPath, nx, { timeoutMs: BUILD_LIMIT_MS, env });
  if (built.code !== 0) throw new DevStackError(`the build failed:\n${built.output}`);
  // The list of folders ends where the next option begins; behind that, a pattern may follow.
  const jest = ['node_modules/.bin/jest', '--roots', ...FOLDERS.map(absolute), '-c', 'jest.e2e.config.cjs'];
  const running = group.start({
    name: 'jest',
    command: process.execPath,
    args: [...jest, ...process.argv.slice(2)],
    env,
    output: 'inherit',
    mayEnd: true,
  });
  const { code, signal } = await running.exited;
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

function absolute(folder: string): string {
  return resolve(folder);
}

await runProgram(main, {
  onUnexpectedExit: ({ name, code, signal, lines }) => {
    report([`${name} ended by itself (${signal ?? code ?? '?'})`, ...lines.slice(-10)].join('\n  '));
  },
});
