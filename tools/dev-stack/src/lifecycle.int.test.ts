import { existsSync } from 'node:fs';
import { freePort } from './free-port';
import { redisAnswers } from './redis-client';
import { parseAddress } from './address';
import { type RunningScript, runScript } from './testing/run-script';
import { waitUntil } from './wait';

/** Temporal takes three seconds to end; the watchdog gives it six. */
const GONE = { timeoutMs: 20_000, everyMs: 100 };

interface Started {
  directory: string;
  LOOM_TEST_REDIS_ADDR: string;
  LOOM_TEST_TEMPORAL_HOSTPORT: string;
}

const NOT_LENT = { LOOM_TEST_REDIS_ADDR: '', LOOM_TEST_REDIS_CLUSTER: '', LOOM_TEST_TEMPORAL_HOSTPORT: '' };
const scripts: RunningScript[] = [];

async function startFixture(...args: string[]): Promise<{ script: RunningScript; started: Started }> {
  const script = runScript('lifecycle-fixture.ts', args, NOT_LENT);
  scripts.push(script);
  return { script, started: JSON.parse(await script.printed(/^\{/)) as Started };
}

async function expectNothingLeft(script: RunningScript): Promise<void> {
  await waitUntil('nothing is left', () => Promise.resolve(script.left().length === 0), GONE);
  expect(script.leftFiles()).toEqual([]);
}

afterEach(() => {
  for (const script of scripts.splice(0)) script.cleanUp();
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('a program stops all it has started on %s', async (signal, code) => {
  const { script, started } = await startFixture();
  // The program, its watchdog, two servers, the service, and what that has started.
  expect(script.left()).toHaveLength(6);
  expect(existsSync(started.directory)).toBe(true);
  script.child.kill(signal);
  await expect(script.ended).resolves.toEqual({ code, signal: null });
  // All was stopped before it ended: there is nothing to wait for.
  expect(script.left()).toEqual([]);
  expect(script.leftFiles()).toEqual([]);
});

it('a program that is stopped while its servers start says nothing of it, and starts nothing more', async () => {
  const script = runScript('lifecycle-fixture.ts', ['early'], NOT_LENT);
  scripts.push(script);
  await script.printed(/^both start$/);
  script.child.kill('SIGINT');
  await expect(script.ended).resolves.toEqual({ code: 130, signal: null });
  expect(script.output()).toBe('both start\n');
  expect(script.left()).toEqual([]);
  expect(script.leftFiles()).toEqual([]);
});

it('a program stops all it has started when nobody catches an error', async () => {
  const { script } = await startFixture('throw');
  await expect(script.ended).resolves.toEqual({ code: 1, signal: null });
  expect(script.output()).toContain('nobody caught this');
  expect(script.left()).toEqual([]);
  expect(script.leftFiles()).toEqual([]);
});

it('a program that is killed with -9 leaves nothing behind either', async () => {
  const { script } = await startFixture();
  script.child.kill('SIGKILL');
  await script.ended;
  await expectNothingLeft(script);
});

it('two programs run side by side, and the end of one does not touch the other', async () => {
  const [first, second] = await Promise.all([startFixture(), startFixture()]);
  expect(first.started.LOOM_TEST_REDIS_ADDR).not.toBe(second.started.LOOM_TEST_REDIS_ADDR);
  expect(first.started.LOOM_TEST_TEMPORAL_HOSTPORT).not.toBe(second.started.LOOM_TEST_TEMPORAL_HOSTPORT);
  const before = second.script.left();
  first.script.child.kill('SIGKILL');
  await first.script.ended;
  await expectNothingLeft(first.script);
  expect(second.script.left()).toEqual(before);
  expect(await redisAnswers(parseAddress(second.started.LOOM_TEST_REDIS_ADDR, 'x'))).toBe(true);
  second.script.child.kill('SIGTERM');
  await second.script.ended;
  expect(second.script.left()).toEqual([]);
});

describe('with-stack', () => {
  const RUN_ON = 'console.log("runs"); setInterval(() => 0, 1000)';
  const PRINT = 'console.log(JSON.stringify(process.env)); process.exit(7)';
  const run = (args: string[], env: Record<string, string> = {}) => {
    const script = runScript('with-stack.ts', args, { ...NOT_LENT, ...env });
    scripts.push(script);
    return script;
  };

  it('tells the command where its servers are, hides the developer’s, and passes the exit code on', async () => {
    const env = { REDIS_ADDR: 'localhost:6379', TEMPORAL_HOSTPORT: 'localhost:7233' };
    const script = run(['--redis', '--cluster', '--', process.execPath, '-e', PRINT], env);
    const seen = JSON.parse(await script.printed(/^\{/)) as Record<string, string>;
    await expect(script.ended).resolves.toEqual({ code: 7, signal: null });
    expect(seen['LOOM_TEST_REDIS_ADDR']).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(seen['LOOM_TEST_REDIS_CLUSTER']?.split(',')).toHaveLength(3);
    expect(seen['LOOM_TEST_TEMPORAL_HOSTPORT']).toBe('');
    expect(seen).not.toHaveProperty('REDIS_ADDR');
    expect(seen).not.toHaveProperty('TEMPORAL_HOSTPORT');
    expect(script.left()).toEqual([]);
  });

  it('uses what is lent to it, and does not stop it', async () => {
    const lent = process.env['LOOM_TEST_REDIS_ADDR'] ?? '';
    const script = run(['--redis', '--', process.execPath, '-e', PRINT], { LOOM_TEST_REDIS_ADDR: lent });
    expect(JSON.parse(await script.printed(/^\{/))).toMatchObject({ LOOM_TEST_REDIS_ADDR: lent });
    await script.ended;
    expect(await redisAnswers(parseAddress(lent, 'LOOM_TEST_REDIS_ADDR'))).toBe(true);
  });

  it('says in one line that what is lent does not answer', async () => {
    const lent = `127.0.0.1:${await freePort()}`;
    const script = run(['--redis', '--', process.execPath, '-e', PRINT], { LOOM_TEST_REDIS_ADDR: lent });
    await expect(script.ended).resolves.toEqual({ code: 1, signal: null });
    expect(script.output().trim()).toBe(
      `LOOM_TEST_REDIS_ADDR: ${lent} does not answer; start it, or unset LOOM_TEST_REDIS_ADDR`,
    );
  });

  it('leaves neither servers nor command behind when it is killed with -9', async () => {
    const script = run(['--redis', '--', process.execPath, '-e', RUN_ON]);
    await script.printed(/^runs$/);
    script.child.kill('SIGKILL');
    await script.ended;
    await expectNothingLeft(script);
  });

  it('stops the command when it is asked to stop', async () => {
    const script = run(['--redis', '--', process.execPath, '-e', RUN_ON]);
    await script.printed(/^runs$/);
    script.child.kill('SIGTERM');
    await expect(script.ended).resolves.toEqual({ code: 143, signal: null });
    expect(script.left()).toEqual([]);
  });
});
