import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DEV_STACK, type FakeCheckout, fakeCheckout, lockOf, TSX } from './testing/fake-checkout';
import { track } from './testing/run-script';
import { waitUntil } from './wait';

let checkout: FakeCheckout;
beforeEach(() => {
  checkout = fakeCheckout();
});
afterEach(() => {
  checkout.cleanUp();
});

async function hello(): Promise<string> {
  const script = checkout.bootstrap(['hello.ts', 'Ada']);
  await expect(script.ended).resolves.toEqual({ code: 5, signal: null });
  return script.output();
}

it('installs what is missing, runs the script, and passes its arguments and exit code on', async () => {
  const output = await hello();
  expect(checkout.npmCalls()).toEqual(['ci --include=dev --no-audit --no-fund --no-progress']);
  expect(output).toMatch(/^installing packages .*\npackages are installed\nhello Ada\n$/);
});

it('does not install again until the lockfile changes, whatever the files’ times are', async () => {
  await hello();
  utimesSync(checkout.path('package-lock.json'), new Date(), new Date(Date.now() + 60_000));
  expect(await hello()).toBe('hello Ada\n');
  expect(checkout.npmCalls()).toHaveLength(1);
  checkout.write('package-lock.json', lockOf('1.0.1'));
  await hello();
  expect(checkout.npmCalls()).toHaveLength(2);
});

it('accepts what somebody installed by hand, when it is what the lockfile says', async () => {
  const install = (version: string) => {
    mkdirSync(checkout.path('node_modules'), { recursive: true });
    checkout.write(
      'node_modules/.package-lock.json',
      JSON.stringify({ packages: { 'node_modules/tsx': { version } } }),
    );
  };
  install('1.0.0');
  symlinkSync(TSX, checkout.path('node_modules/tsx'));
  await hello();
  expect(checkout.npmCalls()).toEqual([]);
  install('0.9.0');
  await hello();
  expect(checkout.npmCalls()).toHaveLength(1);
});

it('shows what npm said when it fails, and what to do', async () => {
  checkout.write('npm-fails');
  const script = checkout.bootstrap(['hello.ts']);
  await expect(script.ended).resolves.toEqual({ code: 1, signal: null });
  expect(script.output()).toMatch(/npm error network refused\nnpm ci failed: /);
});

it('says in one line which package an install left out, and does not take it for complete later', async () => {
  checkout.write('npm-omits');
  for (const run of [1, 2]) {
    const script = checkout.bootstrap(['hello.ts']);
    await expect(script.ended).resolves.toEqual({ code: 1, signal: null });
    expect(script.output()).toMatch(/^npm ci left out tsx: look for an omit setting [^\n]+$/m);
    expect(checkout.npmCalls()).toHaveLength(run);
  }
});

it('says in one line that git is missing, before anything is installed', async () => {
  const script = checkout.bootstrap(['hello.ts'], { PATH: dirname(checkout.root) });
  await expect(script.ended).resolves.toEqual({ code: 1, signal: null });
  expect(script.output()).toMatch(/^Loom needs git, [^\n]*\n$/);
  expect(checkout.npmCalls()).toEqual([]);
});

it.each([
  ['18.20.4', true],
  ['20.18.9', true],
  ['20.19.0', false],
  ['22.0.0', false],
])('knows whether Node %s is too old', async (version, tooOld) => {
  const script = track(() =>
    spawn(
      process.execPath,
      [
        '-e',
        `import(${JSON.stringify(join(DEV_STACK, 'requirements.mjs'))}).then(m => console.log(String(m.nodeProblem("${version}"))))`,
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    ),
  );
  await script.ended;
  expect(script.output().trim()).toMatch(
    tooOld ? new RegExp(`^Loom needs Node 20.19 or newer, and this is ${version}: install`) : /^undefined$/,
  );
});

describe('a running script', () => {
  const WAITS =
    'process.on("SIGTERM", () => { console.log("stops"); process.exit(9) });\nsetInterval(() => undefined, 1000);\nconsole.log("runs");\n';

  it('gets the signals, and decides on the exit code', async () => {
    checkout.write('waits.ts', WAITS);
    const script = checkout.bootstrap(['waits.ts']);
    await script.printed(/^runs$/);
    script.child.kill('SIGTERM');
    await expect(script.ended).resolves.toEqual({ code: 9, signal: null });
    expect(script.left()).toEqual([]);
  });

  it('is stopped when npm is gone', async () => {
    checkout.write('waits.ts', WAITS);
    const script = checkout.bootstrapBelowShell('waits.ts');
    await script.printed(/^runs$/);
    script.child.kill('SIGKILL');
    await waitUntil('nothing is left', () => Promise.resolve(script.left().length === 0), {
      timeoutMs: 15_000,
    });
    expect(script.output()).toContain('stops');
  });
});
