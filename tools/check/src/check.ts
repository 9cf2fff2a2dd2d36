// `npm test`: every check there is, each with a line of progress; all of them run, and the failed ones are shown.
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { PARTS, type Part } from './parts';

interface Outcome {
  part: Part;
  code: number;
  seconds: number;
  log: string;
}

const LOGS = 'tmp/check';
/** Above what any part takes on two cold cores; one that hangs is ended, not waited for. */
const PART_LIMIT_MS = 30 * 60_000;
const HEARTBEAT_MS = 30_000;

const env = {
  ...process.env,
  PATH: [resolve('node_modules/.bin'), process.env['PATH']].join(delimiter),
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  NX_NO_CLOUD: 'true',
  NO_COLOR: '1',
  REDOCLY_TELEMETRY: 'off',
  REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
};

async function run(part: Part): Promise<Outcome> {
  const log = `${LOGS}/${part.name.replaceAll(' ', '-')}.log`;
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const [program = '', ...args] = part.command;
  const out = createWriteStream(log);
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  child.stdout.pipe(out, { end: false });
  child.stderr.pipe(out, { end: false });
  const beat = setInterval(() => {
    console.log(`  …  ${part.name} (${String(seconds())} s)`);
  }, HEARTBEAT_MS);
  const endGroup = () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  };
  const limit = setTimeout(endGroup, PART_LIMIT_MS);
  running.add(endGroup);
  const code = await new Promise<number>((settle) => {
    child.once('error', (error) => {
      out.write(`${error.message}\n`);
      settle(127);
    });
    child.once('close', (status) => {
      settle(status ?? 1);
    });
  });
  running.delete(endGroup);
  clearInterval(beat);
  clearTimeout(limit);
  out.end();
  await finished(out);
  console.log(`  ${code === 0 ? 'ok' : 'FAILED'}  ${part.name} (${String(seconds())} s)`);
  return { part, code, seconds: seconds(), log };
}

/** Jest's own counts, from the JSON that its parts write. */
async function testCounts(): Promise<{ passed: number; failed: number; skipped: number }> {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const name of ['unit', 'integration', 'e2e']) {
    const text = await readFile(`${LOGS}/${name}.json`, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const report = JSON.parse(text) as {
      numPassedTests: number;
      numFailedTests: number;
      numFailedTestSuites: number;
      numPendingTests: number;
      numTodoTests: number;
    };
    total.passed += report.numPassedTests;
    total.failed +=
      report.numFailedTests === 0 && report.numFailedTestSuites > 0
        ? report.numFailedTestSuites
        : report.numFailedTests;
    total.skipped += report.numPendingTests + report.numTodoTests;
  }
  return total;
}

const running = new Set<() => void>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const end of running) end();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}

await rm(LOGS, { recursive: true, force: true });
await mkdir(LOGS, { recursive: true });
const outcomes: Outcome[] = [];
for (const [i, stage] of PARTS.entries()) {
  console.log(`[${String(i + 1)}/${String(PARTS.length)}] ${stage.map(({ name }) => name).join(', ')}`);
  const lanes = groupByLane(stage);
  const ended = await Promise.all(
    lanes.map(async (lane) => {
      const done: Outcome[] = [];
      for (const part of lane) done.push(await run(part));
      return done;
    }),
  );
  outcomes.push(...ended.flat());
}

function groupByLane(stage: Part[]): Part[][] {
  const lanes = new Map<number, Part[]>();
  for (const part of stage) lanes.set(part.lane, [...(lanes.get(part.lane) ?? []), part]);
  return [...lanes.values()];
}

const failed = outcomes.filter(({ code }) => code !== 0);
for (const { part, code, log } of failed) {
  const text = await readFile(log, 'utf8');
  console.error(
    `\n── ${part.name} exited with ${String(code)}; the end of ${log}:\n${text.split('\n').slice(-120).join('\n')}`,
  );
}
const counts = await testCounts();
if (counts.skipped > 0)
  console.error(`${String(counts.skipped)} tests were skipped; a test either runs or does not exist`);
console.log(
  `\n${outcomes.map(({ part, seconds, code }) => `${code === 0 ? 'ok    ' : 'FAILED'} ${String(seconds).padStart(4)} s  ${part.name}`).join('\n')}\n`,
);
console.log(`${String(counts.passed)} passed, ${String(counts.failed)} failed`);
process.exitCode = failed.length === 0 && counts.skipped === 0 && counts.passed > 0 ? 0 : 1;
