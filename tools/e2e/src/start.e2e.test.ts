import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { createLoomClient } from '@loom/api-types';
import { freePorts } from '@loom/dev-stack';
import { createProcessGroup, runScript, type RunningProgram } from './programs';

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

const start = (args: string[] = [], env: Record<string, string> = {}): RunningProgram =>
  runScript(group, 'tools/start/src/start.ts', ['--apps', '3', '--dir', directory, ...args], {
    ...ports,
    ...env,
  });
const client = () => createLoomClient({ baseUrl: `http://127.0.0.1:${ports['PORT'] ?? ''}` });
const welcome = /Loom runs\. 3 applications were discovered/;

async function stopped(program: RunningProgram): Promise<void> {
  program.signal('SIGINT');
  await program.ended;
  await expect(client().system.getHealth()).rejects.toThrow();
}

it('starts everything, keeps its state over a restart, and forgets it when asked to begin anew', async () => {
  const first = start();
  await first.line(welcome);
  await client().runs.queueCandidate({
    id: MIGRATION,
    cid: 'billing-api',
    requestBody: { inputs: { chartVersion: '1.0.0' } },
  });
  await stopped(first);

  const second = start();
  await second.line(welcome);
  const kept = await client().candidates.getCandidate({ id: MIGRATION, cid: 'billing-api' });
  expect(kept.status).toBe('queued');
  await stopped(second);

  const third = start(['--fresh']);
  await third.line(welcome);
  const anew = await client().candidates.getCandidate({ id: MIGRATION, cid: 'billing-api' });
  expect(anew.status).toBe('not_started');
  await stopped(third);
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

it('says in one line that REDIS_ADDR does not answer', async () => {
  const [nobody] = await freePorts(1);
  const { code, output } = await start([], { REDIS_ADDR: `127.0.0.1:${nobody ?? 1}` }).ended;
  expect(output).toMatch(/REDIS_ADDR=127\.0\.0\.1:\d+ does not answer/);
  expect(code).toBe(1);
});

it.each([
  ['an unknown argument', ['--frehs'], {}, /known: --fresh/],
  ['a port that is none', [], { LOOM_FORGE_PORT: 'abc' }, /LOOM_FORGE_PORT is not a port number/],
])('says in one line what is wrong with %s', async (_what, args, env, message) => {
  const { code, output } = await start(args, env).ended;
  expect(output).toMatch(message);
  expect(output).not.toMatch(/\n\s+at /);
  expect(code).toBe(1);
});
