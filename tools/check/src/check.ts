// `npm test`: every check there is, each with a line of progress; all of them run, and the failed ones are shown.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';
import { PARTS, type Part } from './parts';
import { runPart, type Outcome, type RunDeps } from './run-part';
import { secondTry } from './second-try';
import { addCounts, closingLine, failuresOf, isGood, type JestReport } from './summary';

const LOGS = 'tmp/check';
/** Above what any part takes on two cold cores; one that hangs is ended, not waited for. */
const PART_LIMIT_MS = 30 * 60_000;
/** For servers that a part has started; they are given ten. */
const PART_GRACE_MS = 20_000;

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

async function readReport(name: string): Promise<JestReport | undefined> {
  const text = await readFile(`${LOGS}/${name}.json`, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as JestReport);
}

/** Runs a part, and tells what of it failed at once: of a long output often only the beginning is kept. */
async function run(part: Part): Promise<{ outcome: Outcome; reports: JestReport[]; unsteady: string[] }> {
  const outcome = await runPart(part, deps);
  const report = part.report === undefined ? undefined : await readReport(part.report);
  if (report === undefined) return { outcome, reports: [], unsteady: [] };
  const failures = failuresOf(report).map((failure) => failure.replaceAll(`${process.cwd()}/`, ''));
  for (const failure of failures) console.error(`\nfailed: ${failure}`);
  const again = outcome.code === 0 ? undefined : secondTry(part, report);
  if (again?.report === undefined) return { outcome, reports: [report], unsteady: [] };
  const { code } = await runPart(again, deps);
  if (code !== 0) return { outcome, reports: [report], unsteady: [] };
  const passed = report.numPassedTests + failures.length;
  const mended = { ...report, numPassedTests: passed, numFailedTests: 0, numFailedTestSuites: 0 };
  return { outcome: { ...outcome, code: 0 }, reports: [mended], unsteady: failures };
}

const running = new Set<() => void>();
const deps: RunDeps = {
  env,
  logs: LOGS,
  say: (line) => {
    console.log(line);
  },
  limitMs: PART_LIMIT_MS,
  graceMs: PART_GRACE_MS,
  running,
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const end of running) end();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}

await rm(LOGS, { recursive: true, force: true });
await mkdir(LOGS, { recursive: true });
const results: Awaited<ReturnType<typeof run>>[] = [];
for (const [i, stage] of PARTS.entries()) {
  console.log(`[${String(i + 1)}/${String(PARTS.length)}] ${stage.map(({ name }) => name).join(', ')}`);
  const lanes = groupByLane(stage);
  const ended = await Promise.all(
    lanes.map(async (lane) => {
      const done: typeof results = [];
      for (const part of lane) done.push(await run(part));
      return done;
    }),
  );
  results.push(...ended.flat());
}

function groupByLane(stage: Part[]): Part[][] {
  const lanes = new Map<number, Part[]>();
  for (const part of stage) lanes.set(part.lane, [...(lanes.get(part.lane) ?? []), part]);
  return [...lanes.values()];
}

const outcomes = results.map(({ outcome }) => outcome);
const unsteady = results.flatMap((result) => result.unsteady);
const failed = outcomes.filter(({ code }) => code !== 0);
for (const { part, code, log } of failed) {
  const text = await readFile(log, 'utf8');
  console.error(
    `\n── ${part.name} exited with ${String(code)}; the end of ${log}:\n${text.split('\n').slice(-120).join('\n')}`,
  );
}
const counts = addCounts(results.flatMap(({ reports }) => reports));
if (counts.skipped > 0)
  console.error(`${String(counts.skipped)} tests were skipped; a test either runs or does not exist`);
console.log(
  `\n${outcomes.map(({ part, seconds, code }) => `${code === 0 ? 'ok    ' : 'FAILED'} ${String(seconds).padStart(4)} s  ${part.name}`).join('\n')}\n`,
);
for (const test of unsteady) console.log(`failed once, and passed when its file ran again alone: ${test}\n`);
console.log(closingLine(counts, unsteady.length));
process.exitCode = isGood(counts, failed.length) ? 0 : 1;
