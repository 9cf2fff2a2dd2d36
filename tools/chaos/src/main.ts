// `npm run test:chaos`: breaks everything that can break, under load, and counts what it cost.
import {
  buildPrograms,
  createProbes,
  DevStackError,
  obtainRedisProgram,
  obtainTemporalProgram,
  obtainToxiproxyProgram,
  runProgram,
  type ProcessGroup,
} from '@loom/dev-stack';
import { parseChaosArguments, USAGE, type ChaosArguments } from './arguments';
import { FAULTS } from './faults';
import { isClean } from './oracle/checker';
import { runFault, type Outcome } from './run-fault';
import type { Fault } from './stage';
import { tableOf } from './table';
import { createWorlds, type Worlds } from './worlds';

const PROGRAMS = ['api', 'orchestrator-worker'];
const SEEDS = 1_000_000;
const SHOWN_FINDINGS = 20;
const FAILED = 1;

function say(line: string): void {
  console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
}

/** Of all faults so far: also a run that is interrupted tells them. */
const outcomes: Outcome[] = [];

async function main(group: ProcessGroup): Promise<number> {
  const args = chaosArguments();
  const isChosen = ({ name }: Fault) =>
    args.only.length === 0 || args.only.some((part) => name.includes(part));
  const faults = FAULTS.filter(isChosen);
  if (faults.length === 0) throw new DevStackError(`no fault has such a name\n${USAGE}`);
  if (args.list) {
    for (const { name, times, what } of faults) console.log(`${name} (${String(times)} times): ${what}`);
    return 0;
  }
  const probes = createProbes(group, say);
  const binaries = {
    redis: await obtainRedisProgram(probes),
    temporal: await obtainTemporalProgram(probes),
    toxiproxy: await obtainToxiproxyProgram(probes),
  };
  await buildPrograms(probes.run, PROGRAMS);
  const worlds = createWorlds({ group, binaries, keep: args.keep });
  say(`seed ${String(args.seed)}; the same again: npm run test:chaos -- --seed ${String(args.seed)}`);
  const problems: string[] = [];
  for (const fault of faults) await play({ fault, worlds, args, problems });
  const left = await worlds.end();
  if (left.length > 0) problems.push(`left running: ${left.join(', ')}`);
  showTable();
  for (const problem of problems) console.log(problem);
  const isGood = problems.length === 0 && outcomes.every(({ verdict }) => isClean(verdict));
  console.log(`${isGood ? 'nothing was lost, duplicated or stuck' : 'FAILED'}; seed ${String(args.seed)}`);
  return isGood ? 0 : FAILED;
}

function showTable(): void {
  if (outcomes.length > 0) console.log(`\n${tableOf(outcomes)}\n`);
}

interface Play {
  fault: Fault;
  worlds: Worlds;
  args: ChaosArguments;
  problems: string[];
}

/** A world in which something went wrong is not used again: what comes next is to be judged for itself. */
async function play({ fault, worlds, args, problems }: Play): Promise<void> {
  try {
    const world = await worlds.world(fault.env ?? {});
    const times = args.times ?? fault.times;
    const outcome = await runFault(world, fault, { seed: args.seed, times, say });
    outcomes.push(outcome);
    if (isClean(outcome.verdict)) return;
    const { verdict } = outcome;
    for (const kind of ['lost', 'duplicated', 'stuck', 'wrong'] as const)
      for (const finding of verdict[kind].slice(0, SHOWN_FINDINGS)) say(`${kind.toUpperCase()} ${finding}`);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    problems.push(`${fault.name}: ${text}`);
    say(`FAILED ${fault.name}: ${text}`);
  }
  const left = await worlds.end();
  if (left.length > 0) problems.push(`${fault.name} left running: ${left.join(', ')}`);
}

function chaosArguments(): ChaosArguments {
  try {
    return parseChaosArguments(process.argv.slice(2), () => Math.floor(Math.random() * SEEDS));
  } catch (error) {
    throw new DevStackError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

await runProgram(main, {
  onStopping: (reason) => {
    say(`interrupted (${reason})`);
    showTable();
  },
  onUnexpectedExit: ({ name, code, signal, lines }) => {
    say([`${name} ended by itself (${signal ?? String(code)})`, ...lines.slice(-10)].join('\n  '));
  },
});
