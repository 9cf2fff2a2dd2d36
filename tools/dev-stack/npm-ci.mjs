// Runs `npm ci` so that nothing of it outlives this program, however this one ends. Node's own modules only.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HEARTBEAT_MS = 5000;
const LAST_LINES = 30;
/** npm ends at once; a package's own install script may not. */
const GRACE_MS = 3000;
const POLL_MS = 50;
/** What an install script left running may hold the output open: it is then cut off. */
const OUTPUT_TAIL_MS = 500;
const WATCHDOG = join(dirname(fileURLToPath(import.meta.url)), 'watchdog.mjs');

/**
 * @param options.signal stops it: npm and all it has started have ended when the promise resolves
 * @param options.onStarted told npm's process id, which is that of its process group too
 * @returns its exit code (null: it was stopped), and the last lines it printed
 */
export async function npmCi(root, { report, signal, onStarted }) {
  // Under `npm start` this very npm is named by npm itself; otherwise the one on PATH.
  const npm = process.env.npm_execpath;
  const [command, first] = npm && npm.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  // NODE_ENV=production and omit=dev leave out tsx, by which everything here runs.
  const args = [...first, 'ci', '--include=dev', '--no-audit', '--no-fund', '--no-progress'];
  // A group of its own: a Ctrl-C reaches this program alone, which then stops all of npm, not only the npm at its head.
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const lines = lastLines(child);
  if (child.pid === undefined) {
    const [error] = await new Promise((resolve) => child.once('error', (...all) => resolve(all)));
    return { code: 127, lines: [error.message] };
  }
  const release = guard(child.pid);
  onStarted(child.pid);
  const started = Date.now();
  const beat = setInterval(
    () => report(`  … still installing (${Math.round((Date.now() - started) / 1000)} s)`),
    HEARTBEAT_MS,
  );
  let stopped;
  const stop = () => {
    clearInterval(beat);
    report('stopping npm ci');
    stopped = endGroup(child.pid);
  };
  signal.addEventListener('abort', stop, { once: true });
  const code = await exitOf(child);
  signal.removeEventListener('abort', stop);
  clearInterval(beat);
  await stopped;
  release();
  return { code, lines };
}

function lastLines(child) {
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      lines.push(
        ...String(chunk)
          .split('\n')
          .filter((line) => line.trim() !== ''),
      );
      lines.splice(0, Math.max(0, lines.length - LAST_LINES));
    });
  }
  return lines;
}

/** Stops the group when this program is killed, or its output breaks. Answers what to call when there is no need. */
function guard(group) {
  const watchdog = spawn(process.execPath, [WATCHDOG], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: Object.assign({}, process.env, { NODE_OPTIONS: '' }),
  });
  watchdog.on('error', () => undefined);
  watchdog.stdin.on('error', () => undefined);
  watchdog.unref();
  watchdog.stdin.write(`${JSON.stringify({ add: group })}\n`);
  return () => watchdog.stdin.end(`${JSON.stringify({ release: true })}\n`);
}

function exitOf(child) {
  return new Promise((resolve) => {
    child.once('close', resolve);
    child.once('exit', (code) => setTimeout(resolve, OUTPUT_TAIL_MS, code));
  });
}

/** The leader may end before those it started: the group is what has to be gone. */
async function endGroup(group) {
  const deadline = Date.now() + GRACE_MS;
  signalGroup(group, 'SIGTERM');
  while (Date.now() < deadline && signalGroup(group, 0)) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  signalGroup(group, 'SIGKILL');
}

function signalGroup(group, signal) {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}
