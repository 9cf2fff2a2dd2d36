import { readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { createLoomClient } from '@loom/api-types';
import { freePorts } from '@loom/dev-stack';
import { createProcessGroup, runScript, type RunningProgram } from '../programs';

const PORTS = [
  'PORT',
  'LOOM_WORKER_PORT',
  'LOOM_MIGRATOR_PORT',
  'LOOM_FORGE_PORT',
  'LOOM_TEMPORAL_PORT',
  'LOOM_TEMPORAL_UI_PORT',
  'LOOM_REDIS_PORT',
];
const MIGRATION = 'app-chart-migration';
const group = createProcessGroup();
const directory = join(group.temporaryDirectory('loom-start-'), 'state');
let ports: Record<string, string>;

beforeAll(async () => {
  const free = await freePorts(PORTS.length);
  ports = Object.fromEntries(PORTS.map((name, i) => [name, String(free[i])]));
});

afterAll(async () => {
  await group.stopAll();
});

const startAsTyped = (args: string[] = [], env: Record<string, string> = {}): RunningProgram =>
  runScript(group, 'tools/start/src/start.ts', ['--apps', '3', '--dir', directory, ...args], {
    ...ports,
    ...env,
  });
/** Builds nothing, since other tests use what is built. */
const start = (args: string[] = [], env: Record<string, string> = {}): RunningProgram =>
  startAsTyped(['--built', ...args], env);
const client = () => createLoomClient({ baseUrl: `http://127.0.0.1:${ports['PORT'] ?? ''}` });
/** What a developer's machine may have set for other work. */
const FOREIGN = {
  GITHUB_API_URL: 'http://127.0.0.1:1',
  GITHUB_TOKEN: 'not-for-here',
  REDIS_PASSWORD: 'not-for-here',
  TEMPORAL_NAMESPACE: 'not-here',
};
const welcome = /Loom runs\. 3 applications were discovered/;

async function stopped(program: RunningProgram): Promise<void> {
  program.signal('SIGINT');
  await program.ended;
  await expect(client().system.getHealth()).rejects.toThrow();
}

it('starts everything, keeps its state over a restart, and forgets it when asked to begin anew', async () => {
  const first = start([], FOREIGN);
  await first.line(/│ 4 of 4 repositories$/);
  await first.line(/│ 3 of 3 candidates discovered$/);
  await first.line(welcome);
  await client().runs.queueCandidate({
    id: MIGRATION,
    cid: 'billing-api',
    requestBody: { inputs: { chartVersion: '1.0.0' } },
  });
  await stopped(first);

  const second = start();
  await second.line(welcome);
  const beside = await start(['--fresh']).ended;
  expect(beside.output).toMatch(
    /^another Loom uses \S+ \(process \d+\): stop it, or choose another directory with --dir$/m,
  );
  expect(beside.code).toBe(1);
  const kept = await client().candidates.getCandidate({ id: MIGRATION, cid: 'billing-api' });
  expect(kept.status).toBe('queued');
  await stopped(second);

  const third = start(['--fresh']);
  await third.line(welcome);
  const anew = await client().candidates.getCandidate({ id: MIGRATION, cid: 'billing-api' });
  expect(anew.status).toBe('not_started');
  await stopped(third);
});

it('says nothing more once it is stopped, and starts nothing more', async () => {
  const early = start(['--dir', join(group.temporaryDirectory('loom-early-'), 'state')]);
  await early.line(/Temporal: /);
  await stopped(early);
  const { code, output } = await early.ended;
  expect(output).toMatch(/\nloom {5}│ stopping$/);
  expect(code).toBe(130);
});

it('says in one line which port is taken and what to set', async () => {
  const holder = createServer().listen(Number(ports['PORT']), '127.0.0.1');
  await once(holder, 'listening');
  const { code, output } = await start().ended;
  holder.close();
  expect(output).toMatch(
    new RegExp(`^port ${ports['PORT'] ?? ''} is taken: set PORT, or stop what holds it`, 'm'),
  );
  expect(code).toBe(1);
});

it('removes nothing for --fresh when a port is taken', async () => {
  const state = group.temporaryDirectory('loom-kept-');
  await writeFile(join(state, '.loom-state'), '');
  await writeFile(join(state, 'kept'), '');
  const holder = createServer().listen(Number(ports['PORT']), '127.0.0.1');
  await once(holder, 'listening');
  const { code, output } = await start(['--fresh', '--dir', state]).ended;
  holder.close();
  expect(output).toMatch(/^port \d+ is taken/m);
  expect(await readdir(state)).toContain('kept');
  expect(code).toBe(1);
});

it('leaves a directory alone that holds foreign files', async () => {
  const foreign = group.temporaryDirectory('loom-foreign-');
  await writeFile(join(foreign, 'thesis.txt'), '');
  const { code, output } = await start(['--fresh', '--dir', foreign]).ended;
  expect(output).toMatch(/^\S+ holds files that are not Loom's, so it is left alone: [^\n]+$/m);
  expect(await readdir(foreign)).toEqual(['thesis.txt']);
  expect(code).toBe(1);
});

it('says in one line that REDIS_ADDR does not answer', async () => {
  const [nobody] = await freePorts(1);
  const { code, output } = await start([], { REDIS_ADDR: `127.0.0.1:${nobody ?? 1}` }).ended;
  expect(output).toMatch(/REDIS_ADDR=127\.0\.0\.1:\d+ does not answer/);
  expect(code).toBe(1);
});

it.each([
  ['an unknown argument', ['--frehs'], {}, /known: --fresh/],
  ['an argument of the demo', ['--kill', 'api'], {}, /Unknown option '--kill'.*known: --fresh/],
  [
    '--fresh on lent data',
    ['--fresh'],
    { REDIS_ADDR: '127.0.0.1:1' },
    /^REDIS_ADDR is set: its data is not/m,
  ],
  [
    'two programs on one port',
    [],
    { PORT: '29001', LOOM_WORKER_PORT: '29001' },
    /^PORT and LOOM_WORKER_PORT are both 29001: /m,
  ],
  [
    'a variable that a program reads',
    [],
    { LOOM_LOG_LEVEL: 'loud' },
    /^LOOM_LOG_LEVEL: must be one of debug, info, warn, error$/,
  ],
  ['a port that is none', [], { LOOM_FORGE_PORT: 'abc' }, /LOOM_FORGE_PORT is not a port number/],
])('says in one line what is wrong with %s', async (_what, args, env, message) => {
  const { code, output } = await startAsTyped(args, env).ended;
  expect(output).toMatch(message);
  expect(output).not.toMatch(/\n\s+at /);
  expect(output).not.toContain('building');
  expect(code).toBe(1);
});
