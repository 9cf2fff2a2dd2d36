import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunningScript, track } from './run-script';

export const DEV_STACK = fileURLToPath(new URL('../..', import.meta.url));
export const TSX = join(DEV_STACK, '../../node_modules/tsx');

/**
 * Stands in for npm: counts its calls, and writes what `npm ci` would, or fails. One that hangs ignores every signal
 * that can be ignored, as an install script may, and has started a process of its own.
 */
const NPM = `
const fs = require('node:fs');
fs.appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n');
if (fs.existsSync('npm-fails')) { console.error('npm error network refused'); process.exit(1); }
const install = () => {
  fs.rmSync('node_modules', { recursive: true, force: true });
  fs.mkdirSync('node_modules');
  fs.symlinkSync(${JSON.stringify(TSX)}, 'node_modules/tsx');
  const { packages } = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'));
  delete packages['']; delete packages['node_modules/elsewhere'];
  if (fs.existsSync('npm-omits')) delete packages['node_modules/tsx'];
  fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }));
};
if (!fs.existsSync('npm-hangs')) return install();
const deaf = 'for (const s of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(s, () => undefined);';
eval(deaf);
const below = require('node:child_process').spawn(process.execPath, ['-e', deaf + 'setInterval(() => 0, 1000); console.log(1)']);
below.stdout.once('data', () => fs.writeFileSync('npm-runs', process.pid + ' ' + below.pid + ' '));
setInterval(() => {
  if (fs.existsSync('npm-hangs')) return;
  below.kill('SIGKILL'); install(); process.exit();
}, 20);
`;

/** A checkout with nothing in it but the bootstrap, and an npm that is none. */
export interface FakeCheckout {
  root: string;
  path: (name: string) => string;
  write: (name: string, text?: string) => void;
  bootstrap: (args: string[], env?: Record<string, string>) => RunningScript;
  /** The same below a shell that is told to wait for it, as npm does; its child is the shell. */
  bootstrapBelowShell: (script: string) => RunningScript;
  npmCalls: () => string[];
  cleanUp: () => void;
}

export const lockOf = (version: string): string =>
  JSON.stringify({
    packages: {
      '': {},
      'node_modules/tsx': { version },
      'node_modules/elsewhere': { version: '1.0.0', optional: true },
    },
  });

export function fakeCheckout(): FakeCheckout {
  const root = mkdtempSync(join(tmpdir(), 'loom-checkout-'));
  const scripts: RunningScript[] = [];
  const path = (name: string) => join(root, name);
  const write = (name: string, text = '') => {
    writeFileSync(path(name), text);
  };
  const run = (command: string, args: string[], env: Record<string, string>) => {
    const script = track((marked) =>
      spawn(command, args, {
        cwd: root,
        env: { ...process.env, npm_execpath: path('npm-cli.js'), ...env, ...marked },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    scripts.push(script);
    return script;
  };
  mkdirSync(path('tools'));
  cpSync(DEV_STACK, path('tools/dev-stack'), { recursive: true, filter: (from) => !from.includes('/src') });
  write('package.json', '{"type":"module"}');
  write('package-lock.json', lockOf('1.0.0'));
  write('npm-cli.cjs', NPM);
  write('npm-cli.js', 'import "./npm-cli.cjs"');
  write(
    'hello.ts',
    'const name: string = process.argv[2] ?? "";\nconsole.log(`hello ${name}`);\nprocess.exitCode = 5;\n',
  );
  return {
    root,
    path,
    write,
    bootstrap: (args, env = {}) => run(process.execPath, ['tools/dev-stack/bootstrap.mjs', ...args], env),
    bootstrapBelowShell: (script) =>
      run('/bin/sh', ['-c', `${process.execPath} tools/dev-stack/bootstrap.mjs ${script} & wait`], {
        npm_lifecycle_event: 'start',
      }),
    npmCalls: () =>
      existsSync(path('npm-calls')) ? readFileSync(path('npm-calls'), 'utf8').trim().split('\n') : [],
    cleanUp: () => {
      for (const script of scripts.splice(0)) script.cleanUp();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
