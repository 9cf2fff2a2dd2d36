import { performance } from 'node:perf_hooks';
import type { Client } from '@temporalio/client';
import { eventsARun } from './closed';
import { spread, type Figures } from './figures';
import { cpuSeconds, residentMib } from './process-facts';
import { callsBetween, readCalls } from './server-metrics';
import type { StubMigrator } from './stub-migrator';
import { STEPS, type Subject } from './subject';

/** `closed`: so many runs move at once, each that ends is followed by the next. `burst`: all are started at once, 20 at a time. */
export type Load = { kind: 'closed'; inFlight: number; runs: number } | { kind: 'burst'; runs: number };

export interface Ground {
  migrator: StubMigrator;
  client: Client;
  metricsUrl: string;
  /** Processes that all designs share, by role. */
  servers: Record<string, number>;
}

/** Starts that wait for their answer at once, in a burst. */
const STARTING = 20;

/** Lets a design carry a load, and reads what that took from outside of it. */
export async function carry(ground: Ground, subject: Subject, load: Load): Promise<Figures> {
  const pids = { ...subject.pids, ...ground.servers };
  const watched = ground.migrator.watch(subject);
  const runIds: string[] = [];
  const cpuBefore = each(pids, cpuSeconds);
  const callsBefore = await readCalls(ground.metricsUrl);
  const began = performance.now();
  let startedAt = began;
  const start = async (): Promise<void> => {
    runIds.push(await subject.start());
    startedAt = performance.now();
  };
  const lane = async (): Promise<void> => {
    for (let n = nextOf(load); n !== undefined; n = nextOf(load)) {
      await start();
      if (load.kind === 'closed') await watched.until(n - load.inFlight + 1);
    }
  };
  const nextOf = counter();
  const lanes = load.kind === 'closed' ? load.inFlight : STARTING;
  await Promise.all(Array.from({ length: Math.min(lanes, load.runs) }, lane));
  await watched.until(load.runs);
  const lastAt = Math.max(...watched.done.values());
  await subject.closed(runIds);
  const calls = callsBetween(callsBefore, await readCalls(ground.metricsUrl));
  const cpuAfter = each(pids, cpuSeconds);
  const { p50, p99 } = spread(watched.hops);
  return {
    runs: load.runs,
    hopP50: p50,
    hopP99: p99,
    runsPerSecond: (load.runs * 1000) / (lastAt - began),
    startsPerSecond: (load.runs * 1000) / (startedAt - began),
    eventsAStep: (await eventsARun(ground.client, runIds)) / STEPS,
    callsAStep: calls / load.runs / STEPS,
    cpuARun: each(pids, (_, role) => ((cpuAfter[role] ?? 0) - (cpuBefore[role] ?? 0)) / load.runs),
    memory: each(pids, residentMib),
  };
}

function counter(): (load: Load) => number | undefined {
  let given = 0;
  return ({ runs }) => (given < runs ? (given += 1) : undefined);
}

function each(
  pids: Record<string, number>,
  of: (pid: number, role: string) => number,
): Record<string, number> {
  return Object.fromEntries(Object.entries(pids).map(([role, pid]) => [role, of(pid, role)]));
}
