import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, processBirth } from './alive';
import { DEV_STACK, type FakeCheckout, fakeCheckout } from './testing/fake-checkout';
import { type RunningScript, track } from './testing/run-script';
import { waitUntil } from './wait';

const LIMITS = { timeoutMs: 15_000 };
const LOCK = '.loom/install.lock';

let checkout: FakeCheckout;
beforeEach(() => {
  checkout = fakeCheckout();
  checkout.write('npm-hangs');
});
afterEach(() => {
  checkout.cleanUp();
});

/** Process ids of npm and of what it has started, once both run and ignore signals. */
async function npmRuns(): Promise<number[]> {
  const file = checkout.path('npm-runs');
  const text = () => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  await waitUntil('npm runs', () => Promise.resolve(text().endsWith(' ')), LIMITS);
  return text().trim().split(' ').map(Number);
}
const npmGoesOn = () => {
  rmSync(checkout.path('npm-hangs'));
};
const nothingIsLeft = (script: RunningScript) =>
  waitUntil('nothing is left', () => Promise.resolve(script.left().length === 0), LIMITS);
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('an install that is stopped leaves nothing of npm running', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('by %s, however deaf npm is', async (signal, code) => {
    const script = checkout.bootstrap(['hello.ts']);
    const npm = await npmRuns();
    script.child.kill(signal);
    await expect(script.ended).resolves.toEqual({ code, signal: null });
    // They had ended before it did: there is nothing to wait for.
    expect(npm.filter(isAlive)).toEqual([]);
    expect(existsSync(checkout.path(LOCK))).toBe(false);
    expect(script.output()).toMatch(/^installing packages .*\nstopping npm ci\n$/);
    await nothingIsLeft(script);
  });

  it('by a Ctrl-C, which a terminal sends to every process that it sees', async () => {
    const script = checkout.bootstrap(['hello.ts']);
    const npm = await npmRuns();
    for (const pid of script.left()) process.kill(pid, 'SIGINT');
    await expect(script.ended).resolves.toEqual({ code: 130, signal: null });
    expect(npm.filter(isAlive)).toEqual([]);
    await nothingIsLeft(script);
  });

  it('by the end of the npm that had started it', async () => {
    const script = checkout.bootstrapBelowShell('hello.ts');
    await npmRuns();
    script.child.kill('SIGKILL');
    await nothingIsLeft(script);
    expect(existsSync(checkout.path(LOCK))).toBe(false);
  });

  it('by kill -9', async () => {
    const script = checkout.bootstrap(['hello.ts']);
    await npmRuns();
    script.child.kill('SIGKILL');
    await nothingIsLeft(script);
  });
});

describe('a second start during the install', () => {
  it('waits, says for whom, and does not install again', async () => {
    const first = checkout.bootstrap(['hello.ts', 'Ada']);
    await npmRuns();
    const second = checkout.bootstrap(['hello.ts', 'Grace']);
    await second.printed(
      new RegExp(`^waiting for process ${first.child.pid ?? 0}, which installs packages here$`),
    );
    npmGoesOn();
    await Promise.all([first.ended, second.ended]);
    expect(first.output()).toMatch(/hello Ada\n$/);
    expect(second.output()).toMatch(/^waiting for [^\n]+\nhello Grace\n$/);
    expect(checkout.npmCalls()).toHaveLength(1);
  });

  it('can be stopped while it waits, and the first goes on', async () => {
    const first = checkout.bootstrap(['hello.ts', 'Ada']);
    await npmRuns();
    const second = checkout.bootstrap(['hello.ts']);
    await second.printed(/^waiting for process /);
    second.child.kill('SIGINT');
    await expect(second.ended).resolves.toEqual({ code: 130, signal: null });
    npmGoesOn();
    await first.ended;
    expect(first.output()).toMatch(/hello Ada\n$/);
  });

  it('waits for the npm of a first one that was killed', async () => {
    npmGoesOn();
    mkdirSync(checkout.path('.loom'));
    checkout.write(LOCK, `${await deadPid()} x\n${process.pid} ${processBirth(process.pid)}\n`);
    const script = checkout.bootstrap(['hello.ts']);
    await script.printed(new RegExp(`^waiting for process ${process.pid}, `));
    rmSync(checkout.path(LOCK));
    await script.ended;
    expect(script.output()).toMatch(/hello \n$/);
  });

  it.each([
    ['is dead', async () => `${await deadPid()} ${processBirth(process.pid)}\n`],
    ['had the number of another one', () => Promise.resolve(`${process.pid} an-earlier-start\n`)],
  ])('takes the lock of a process that %s', async (_what, lock) => {
    npmGoesOn();
    mkdirSync(checkout.path('.loom'));
    checkout.write(LOCK, await lock());
    const script = checkout.bootstrap(['hello.ts', 'Ada']);
    await script.ended;
    expect(script.output()).toMatch(/^installing packages [^\n]+\npackages are installed\nhello Ada\n$/);
  });

  it('does not wait for ever', async () => {
    mkdirSync(checkout.path('.loom'));
    checkout.write(LOCK, `${process.pid} ${processBirth(process.pid)}\n`);
    const options = '{ report: () => 0, signal: new AbortController().signal, waitLimitMs: 1 }';
    const code = `import(${JSON.stringify(join(DEV_STACK, 'install-lock.mjs'))})
      .then((lock) => lock.lockInstall('.', ${options})).catch((error) => console.log(error.message))`;
    const script = track(() =>
      spawn(process.execPath, ['-e', code], { cwd: checkout.root, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    await script.ended;
    expect(script.output()).toMatch(
      new RegExp(`^process ${process.pid} still holds \\S+install.lock: stop it, [^\\n]+\\n$`),
    );
    script.cleanUp();
  });
});
