// Outlives the process that started it by a few seconds, on purpose: when that one dies, even by kill -9, its end of
// the pipe closes, and the process groups it had named here are stopped. Redis and Temporal cannot see that themselves.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const GRACE_MS = 6_000;
const CLEANUP_LIMIT_MS = 20_000;

/** @type {Map<number, string[] | undefined>} leader pid to the command that cleans up after it */
const groups = new Map();
/** @type {Set<string>} */
const directories = new Set();
let released = false;

// A signal to the terminal's group, or to every child of a shell, must not end the one who cleans up.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const message = JSON.parse(line);
  if (message.add !== undefined) groups.set(message.add, message.cleanup);
  if (message.remove !== undefined) groups.delete(message.remove);
  if (message.directory !== undefined) directories.add(message.directory);
  if (message.release === true) released = true;
});
lines.on('close', () => void (released ? process.exit(0) : end()));

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

async function end() {
  const deadline = Date.now() + GRACE_MS;
  const left = new Set([...groups.keys()].filter((pid) => signalGroup(pid, 'SIGTERM')));
  while (left.size > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const pid of left) if (!signalGroup(pid, 0)) left.delete(pid);
  }
  for (const pid of left) signalGroup(pid, 'SIGKILL');
  for (const cleanup of groups.values()) {
    if (cleanup) spawnSync(cleanup[0], cleanup.slice(1), { stdio: 'ignore', timeout: CLEANUP_LIMIT_MS });
  }
  for (const path of directories) rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  process.exit(0);
}
