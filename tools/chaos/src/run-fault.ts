import { setTimeout as pause } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { waitUntil } from '@loom/dev-stack';
import { seeded } from '@loom/e2e';
import { beginCampaign, type Campaign } from './campaign';
import { gather, settled } from './gather';
import { judge } from './oracle/checker';
import type { Verdict } from './oracle/evidence';
import { createStage, type Fault } from './stage';
import type { World } from './world/world';

/** What came of one fault, injected several times into one campaign. */
export interface Outcome {
  fault: string;
  injected: number;
  /** Runs that were promised, all in all. */
  runs: number;
  /** The fewest that moved when it was injected. */
  leastMoving: number;
  verdict: Verdict;
  /** From each heal to the moment when every run that had been moving had moved again; seconds. */
  recoveries: number[];
}

export interface FaultRun {
  seed: number;
  times: number;
  say: (line: string) => void;
  /** Runs that move at once; those that must, at each injection. */
  moving?: number;
  atLeast?: number;
  steps?: number;
}

const MOVING = 30;
const AT_LEAST = 20;
const STEPS = 4;
const MOVING_LIMIT_MS = 90_000;
/** Above the half minute that the reconciliation leaves a reservation, and a loaded machine's own slowness. */
const RECOVERY_LIMIT_MS = 90_000;
const END_LIMIT_MS = 150_000;
/** More than can end from one injection to the next, however long that takes: whoever runs out of them sees nothing move. */
const RUNS_A_FAULT = 600;
const BELOW = 2 ** 20;

/** Injects `fault` again and again into a campaign under way, lets it end, and judges it. */
export async function runFault(world: World, fault: Fault, run: FaultRun): Promise<Outcome> {
  const { times, say, moving = MOVING, atLeast = AT_LEAST, steps = STEPS } = run;
  await fault.prepare?.(world);
  const campaign = await beginCampaign(world, {
    migrationId: `chaos-${randomUUID().slice(0, 8)}`,
    size: RUNS_A_FAULT * (times + 1),
    steps,
    moving,
  });
  const numbers = seeded(run.seed);
  const stage = createStage(world, campaign, () => numbers.below(BELOW) / BELOW);
  const recoveries: number[] = [];
  const held: string[] = [];
  let leastMoving = Infinity;
  for (let n = 0; n < times; n += 1) {
    const enough = (): Promise<boolean> => Promise.resolve(campaign.moving().length >= atLeast);
    await waitUntil(`${atLeast} runs that move`, enough, { timeoutMs: MOVING_LIMIT_MS });
    // Not always at the same moment of the runs.
    await pause(stage.random() * 500);
    const hit = campaign.moving();
    leastMoving = Math.min(leastMoving, hit.length);
    const did = await fault.inject(stage, n);
    const recovery = await recovered(campaign, hit);
    recoveries.push(recovery.seconds);
    held.push(...recovery.held);
    say(
      `${fault.name} ${n + 1}/${times}: ${did}; ${hit.length} moved, recovered in ${recovery.seconds.toFixed(1)} s`,
    );
  }
  await campaign.stopFeeding();
  await settled(world, campaign, END_LIMIT_MS);
  const verdict = judge(await gather(world, campaign, fault.answers));
  verdict.stuck.unshift(...held.map((runId) => `${runId}: did not move for ${RECOVERY_LIMIT_MS / 1000} s`));
  return {
    fault: fault.name,
    injected: times,
    runs: campaign.promised.size,
    leastMoving,
    verdict,
    recoveries,
  };
}

async function recovered(
  campaign: Campaign,
  hit: readonly string[],
): Promise<{ seconds: number; held: string[] }> {
  const at = performance.now();
  const before = new Map(hit.map((runId) => [runId, campaign.progress(runId)]));
  const isMoving = new Set(campaign.moving());
  const held = (): string[] =>
    hit.filter((runId) => isMoving.has(runId) && campaign.progress(runId) === before.get(runId));
  const all = (): Promise<boolean> => Promise.resolve(held().length === 0);
  await waitUntil('every run', all, { timeoutMs: RECOVERY_LIMIT_MS, everyMs: 20 }).catch(() => undefined);
  return { seconds: (performance.now() - at) / 1000, held: held() };
}
