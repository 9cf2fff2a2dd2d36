import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunningScript, track } from './testing/run-script';
import { waitUntil } from './wait';

const HERE = fileURLToPath(new URL('..', import.meta.url));
const TSX = join(HERE, '../../node_modules/tsx');

/** Stands in for npm: counts its calls, and writes what `npm ci` would, or fails. */
const NPM = `
const fs = require('node:fs');
fs.appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n');
if (fs.existsSync('npm-fails')) { console.error('npm error network refused'); process.exit(1); }
fs.rmSync('node_modules', { recursive: true, force: true });
fs.mkdirSync('node_modules');
fs.symlinkSync(${JSON.stringify(TSX)}, 'node_modules/tsx');
const { packages } = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'));
delete packages['']; delete packages['node_modules/elsewhere'];
if (fs.existsSync('npm-omits')) delete packages['node_modules/tsx'];
fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }));
`;

let root: string;
const scripts: RunningScript[] = [];

const lockOf = (version: string) =>
  JSON.stringify({
    packages: {
      '': {},
      'node_modules/tsx': { version },
      'node_modules/elsewhere': { version: '1.0.0', optional: true },
    },
  });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'loom-checkout-'));
  mkdirSync(join(root, 'tools'));
  cpSync(HERE, join(root, 'tools/dev-stack'), { recursive: true, filter: (path) => !path.includes('/src') });
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  writeFileSync(join(root, 'package-lock.json'), lockOf('1.0.0'));
  writeFileSync(join(root, 'npm-cli.cjs'), NPM);
  writeFileSync(join(root, 'npm-cli.js'), 'import "./npm-cli.cjs"');
  writeFileSync(
    join(root, 'hello.ts'),
    'const name: string = process.argv[2] ?? "";\nconsole.log(`hello ${name}`);\nprocess.exitCode = 5;\n',
  );
});
afterEach(() => {
  for (const script of scripts.splice(0)) script.cleanUp();
  rmSync(root, { recursive: true, force: true });
});

function bootstrap(args: string[], env: Record<string, string> = {}): RunningScript {
  const script = track((marked) =>
    spawn(process.execPath, ['tools/dev-stack/bootstrap.mjs', ...args], {
      cwd: root,
      env: { ...process.env, npm_execpath: join(root, 'npm-cli.js'), ...env, ...marked },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  scripts.push(script);
  return script;
}

const npmCalls = () =>
  existsSync(join(root, 'npm-calls')) ? readFileSync(join(root, 'npm-calls'), 'utf8').trim().split('\n') : [];

async function hello(): Promise<string> {
  const script = bootstrap(['hello.ts', 'Ada']);
  await expect(script.ended).resolves.toEqual({ code: 5, signal: null });
  return script.output();
}

it('installs what is missing, runs the script, and passes its arguments and exit code on', async () => {
  const output = await hello();
  expect(npmCalls()).toEqual(['ci --include=dev --no-audit --no-fund --no-progress']);
  expect(output).toMatch(/^installing packages .*\npackages are installed\nhello Ada\n$/);
});

it('does not install again until the lockfile changes, whatever the files’ times are', async () => {
  await hello();
  utimesSync(join(root, 'package-lock.json'), new Date(), new Date(Date.now() + 60_000));
  expect(await hello()).toBe('hello Ada\n');
  expect(npmCalls()).toHaveLength(1);
  writeFileSync(join(root, 'package-lock.json'), lockOf('1.0.1'));
  await hello();
  expect(npmCalls()).toHaveLength(2);
});

it('accepts what somebody installed by hand, when it is what the lockfile says', async () => {
  const install = (version: string) => {
    mkdirSync(join(root, 'node_modules'), { recursive: true });
    writeFileSync(
      join(root, 'node_modules/.package-lock.json'),
      JSON.stringify({ packages: { 'node_modules/tsx': { version } } }),
    );
  };
  install('1.0.0');
  symlinkSync(TSX, join(root, 'node_modules/tsx'));
  await hello();
  expect(npmCalls()).toEqual([]);
  install('0.9.0');
  await hello();
  expect(npmCalls()).toHaveLength(1);
});

it('shows what npm said when it fails, and what to do', async () => {
  writeFileSync(join(root, 'npm-fails'), '');
  const script = bootstrap(['hello.ts']);
  await expect(script.ended).resolves.toEqual({ code: 1, signal: null });
  expect(script.output()).toMatch(/npm error network refused\nnpm ci failed: /);
});

it('says in one line which package an install left out, and does not take it for complete later', async () => {
  writeFileSync(join(root, 'npm-omits'), '');
  for (const run of [1, 2]) {
    const script = bootstrap(['hello.ts']);
    await expect(script.ended).resolves.toEqual({ code: 1, signal: null });
    expect(script.output()).toMatch(/^npm ci left out tsx: look for an omit setting [^\n]+$/m);
    expect(npmCalls()).toHaveLength(run);
  }
});

it('says in one line that git is missing, before anything is installed', async () => {
  const script = bootstrap(['hello.ts'], { PATH: dirname(root) });
  await expect(script.ended).resolves.toEqual({ code: 1, signal: null });
  expect(script.output()).toMatch(/^Loom needs git, [^\n]*\n$/);
  expect(npmCalls()).toEqual([]);
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
        `import(${JSON.stringify(join(HERE, 'requirements.mjs'))}).then(m => console.log(String(m.nodeProblem("${version}"))))`,
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    ),
  );
  scripts.push(script);
  await script.ended;
  expect(script.output().trim()).toMatch(
    tooOld ? new RegExp(`^Loom needs Node 20.19 or newer, and this is ${version}: install`) : /^undefined$/,
  );
});

describe('a running script', () => {
  const WAITS =
    'process.on("SIGTERM", () => { console.log("stops"); process.exit(9) });\nsetInterval(() => undefined, 1000);\nconsole.log("runs");\n';

  it('gets the signals, and decides on the exit code', async () => {
    writeFileSync(join(root, 'waits.ts'), WAITS);
    const script = bootstrap(['waits.ts']);
    await script.printed(/^runs$/);
    script.child.kill('SIGTERM');
    await expect(script.ended).resolves.toEqual({ code: 9, signal: null });
    expect(script.left()).toEqual([]);
  });

  it('is stopped when npm is gone', async () => {
    writeFileSync(join(root, 'waits.ts'), WAITS);
    const command = `${process.execPath} tools/dev-stack/bootstrap.mjs waits.ts & wait`;
    const script = track((marked) =>
      spawn('/bin/sh', ['-c', command], {
        cwd: root,
        env: {
          ...process.env,
          npm_execpath: join(root, 'npm-cli.js'),
          npm_lifecycle_event: 'start',
          ...marked,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    scripts.push(script);
    await script.printed(/^runs$/);
    script.child.kill('SIGKILL');
    await waitUntil('nothing is left', () => Promise.resolve(script.left().length === 0), {
      timeoutMs: 15_000,
    });
    expect(script.output()).toContain('stops');
  });
});
