// `npm test`: every check there is, each with a line of progress; all of them run, and the failed ones are shown.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';
import { PARTS, type Part } from './parts';
import { runPart, type Outcome, type RunDeps } from './run-part';
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

async function jestReports(): Promise<JestReport[]> {
  const texts = await Promise.all(
    ['unit', 'integration', 'e2e'].map((name) =>
      readFile(`${LOGS}/${name}.json`, 'utf8').catch(() => undefined),
    ),
  );
  return texts.flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as JestReport]));
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
const outcomes: Outcome[] = [];
for (const [i, stage] of PARTS.entries()) {
  console.log(`[${String(i + 1)}/${String(PARTS.length)}] ${stage.map(({ name }) => name).join(', ')}`);
  const lanes = groupByLane(stage);
  const ended = await Promise.all(
    lanes.map(async (lane) => {
      const done: Outcome[] = [];
      for (const part of lane) done.push(await runPart(part, deps));
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

const reports = await jestReports();
for (const failure of reports.flatMap(failuresOf))
  console.error(`\nfailed: ${failure.replaceAll(`${process.cwd()}/`, '')}`);
const failed = outcomes.filter(({ code }) => code !== 0);
for (const { part, code, log } of failed) {
  const text = await readFile(log, 'utf8');
  console.error(
    `\n── ${part.name} exited with ${String(code)}; the end of ${log}:\n${text.split('\n').slice(-120).join('\n')}`,
  );
}
const counts = addCounts(reports);
if (counts.skipped > 0)
  console.error(`${String(counts.skipped)} tests were skipped; a test either runs or does not exist`);
console.log(
  `\n${outcomes.map(({ part, seconds, code }) => `${code === 0 ? 'ok    ' : 'FAILED'} ${String(seconds).padStart(4)} s  ${part.name}`).join('\n')}\n`,
);
console.log(closingLine(counts));
process.exitCode = isGood(counts, failed.length) ? 0 : 1;
