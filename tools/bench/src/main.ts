// `npm run bench`: Loom beside the least that could do the same, on the same servers, in one run.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import {
  buildPrograms,
  createProbes,
  DevStackError,
  freePort,
  obtainRedisProgram,
  obtainTemporalProgram,
  runProgram,
  startRedis,
  startTemporal,
  type Probes,
  type ProcessGroup,
} from '@loom/dev-stack';
import { parseArguments, type Arguments, type Setting } from './arguments';
import { startBare } from './bare-subject';
import { barsOf } from './bars';
import { median, type Figures } from './figures';
import { carry, type Ground, type Load } from './load';
import { startLoom } from './loom-subject';
import { barTable, comparison, tablesOf } from './report';
import { burstName, CLOSED, closedName, DESIGNS, type Design, type Loads, type Result } from './result';
import { measureRoundTrips } from './round-trips';
import { startStubMigrator } from './stub-migrator';
import type { Subject } from './subject';

const PROGRAMS = ['api', 'orchestrator-worker'];
/** Runs of each closed loop: some hundred hops even where each takes a tenth of a second. */
const CLOSED_RUNS = (inFlight: number): number => 40 + 10 * inFlight;
const WARM_UP: Load = { kind: 'closed', inFlight: 8, runs: 80 };

const tell = (line: string): void => {
  console.error(`${new Date().toISOString().slice(11, 19)} ${line}`);
};

async function main(group: ProcessGroup): Promise<number> {
  const args = parseArguments(process.argv.slice(2));
  const probes = createProbes(group, tell);
  await buildPrograms(probes.run, PROGRAMS);
  const loadBefore = loadavg()[0] ?? 0;
  const settings: Result['settings'] = {};
  for (const setting of args.settings) settings[setting] = await measureSetting(group, probes, args, setting);
  const result: Result = {
    at: new Date().toISOString(),
    machine: {
      ...{ node: process.version, cpus: cpus().length, cpu: cpus()[0]?.model ?? '' },
      ...{ loadBefore, loadAfter: loadavg()[0] ?? 0 },
    },
    settings,
  };
  await mkdir(dirname(args.out), { recursive: true });
  await writeFile(args.out, JSON.stringify(result, null, 2));
  console.log([tablesOf(result), barTable(barsOf(result)), `written to ${args.out}`].join('\n\n'));
  if (args.compare !== undefined) console.log(`\n${comparison(await resultIn(args.compare), result)}`);
  return 0;
}

async function measureSetting(group: ProcessGroup, probes: Probes, args: Arguments, setting: Setting) {
  tell(`Temporal ${setting === 'tuned' ? 'as npm start sets it up' : 'as it comes'}`);
  const directory = group.temporaryDirectory('loom-bench-');
  const metricsPort = await freePort();
  const [redis, temporal] = await Promise.all([
    startRedis({ group, program: await obtainRedisProgram(probes), directory: join(directory, 'redis') }),
    startTemporal({
      ...{ group, program: await obtainTemporalProgram(probes), directory: join(directory, 'temporal') },
      ...{ tuned: setting === 'tuned', metricsPort },
    }),
  ]);
  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection });
  const migrator = await startStubMigrator();
  const common = { group, temporal: temporal.address, client, migratorUrl: migrator.url };
  const loom = await startLoom({
    ...common,
    ...{ redis: redis.address, runs: runsOf(args), profile: args.profile },
  });
  const subjects: Record<Design, Subject> = {
    loom,
    'bare regular': await startBare({ ...common, kind: 'regular' }),
    'bare local': await startBare({ ...common, kind: 'local' }),
  };
  const ground: Ground = {
    ...{ migrator, client, metricsUrl: `http://127.0.0.1:${metricsPort}/metrics` },
    servers: { temporal: temporal.pid, redis: redis.pid, migrator: process.pid },
  };
  try {
    const loads = await measureLoads(ground, subjects, args);
    const api = {
      url: loom.apiUrl,
      path: `/migrations/${loom.migrationId}/candidates/c-0`,
      pid: loom.pids['api'] ?? 0,
    };
    return { loads, roundTrips: await measureRoundTrips({ group, api, redis }) };
  } finally {
    await Promise.all(Object.values(subjects).map((one) => one.stop()));
    await migrator.close();
    await connection.close();
    await group.stopAll();
  }
}

/** Each load by each design in turn, so that what else the machine does hits all of them. */
async function measureLoads(
  ground: Ground,
  subjects: Record<Design, Subject>,
  { bursts, rounds }: Arguments,
): Promise<Loads> {
  const loads: Loads = {};
  for (const design of DESIGNS) await carry(ground, subjects[design], WARM_UP);
  const measure = async (name: string, load: Load, times: number): Promise<void> => {
    const all: Record<Design, Figures[]> = { loom: [], 'bare regular': [], 'bare local': [] };
    for (let round = 0; round < times; round += 1) {
      for (const design of DESIGNS) {
        tell(`${name}: ${design}${times > 1 ? ` (${round + 1} of ${times})` : ''}`);
        all[design].push(await carry(ground, subjects[design], load));
      }
    }
    loads[name] = Object.fromEntries(DESIGNS.map((design) => [design, median(all[design])]));
  };
  for (const inFlight of CLOSED)
    await measure(closedName(inFlight), { kind: 'closed', inFlight, runs: CLOSED_RUNS(inFlight) }, 1);
  for (const [i, runs] of bursts.entries())
    await measure(burstName(runs), { kind: 'burst', runs }, i === 0 ? rounds : 1);
  return loads;
}

function runsOf({ bursts, rounds }: Arguments): number {
  const closed = CLOSED.reduce((sum, inFlight) => sum + CLOSED_RUNS(inFlight), 0);
  return WARM_UP.runs + closed + bursts.reduce((sum, runs, i) => sum + runs * (i === 0 ? rounds : 1), 0);
}

async function resultIn(file: string): Promise<Result> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Result;
  } catch (error) {
    throw new DevStackError(`${file} holds no result of this bench: ${String(error)}`);
  }
}

await runProgram(main);
