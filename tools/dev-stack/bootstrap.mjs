// `node tools/dev-stack/bootstrap.mjs <script.ts> [arguments…]`: makes sure that the tools and packages are there, then
// runs the script. Node's own modules only, and nothing newer than Node 14: an old Node must get as far as being told.
/* global AbortController -- used by a Node that is new enough only */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installWhenNeeded } from './install.mjs';
import { gitProblem, nodeProblem } from './requirements.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** npm is sh's child and sh is npm's: an orphan is asked for this often. */
const PARENT_EVERY_MS = 500;

function leave(message) {
  console.error(message);
  process.exit(1);
}

const git = spawnSync('git', ['--version'], { encoding: 'utf8' });
const problem = nodeProblem(process.versions.node) || gitProblem(git.status === 0 ? git.stdout : undefined);
if (problem) leave(problem);

const [script, ...args] = process.argv.slice(2);
if (script === undefined) leave('usage: node tools/dev-stack/bootstrap.mjs <script.ts> [arguments…]');
if (!existsSync(script)) leave(`there is no ${script} to run (from ${process.cwd()})`);

/** What was started last gets the signals: first the install, then the script. */
const stopped = new AbortController();
let child;
let code = 1;
function pass(signal) {
  if (child !== undefined) return child.kill(signal);
  code = 128 + constants.signals[signal];
  return stopped.abort();
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => pass(signal));
if (process.env.npm_lifecycle_event !== undefined) {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && pass('SIGTERM'), PARENT_EVERY_MS).unref();
}

const failure = await installWhenNeeded(root, (line) => console.log(line), stopped.signal);
if (stopped.signal.aborted) process.exit(code);
if (failure) leave(failure);

// tsx as a loader instead of its command: one process less, so that a signal or an end reaches the script itself.
const tsx = join(root, 'node_modules', 'tsx');
const loader = join(tsx, JSON.parse(readFileSync(join(tsx, 'package.json'), 'utf8')).exports['.']);
child = spawn(process.execPath, ['--import', pathToFileURL(loader).href, script, ...args], {
  stdio: 'inherit',
});
child.once('error', (error) => leave(`cannot run ${script}: ${error.message}`));
child.once('exit', (code, signal) => process.exit(code === null ? 128 + constants.signals[signal] : code));
