import { subscribe } from '@loom/api-types';
import { createActs, type Occasion } from './campaign-acts';
import { candidates, counts, startAll } from './campaign-calls';
import type { CampaignDeps, CampaignResult } from './campaign-types';
import { patiently, repeatedly } from './patient';
import { createWorkQueue } from './work-queue';

/** Pull requests merged at once; git does the work, on this machine. */
const CONCURRENCY = 4;
/** A second look, in case an event was lost while something was down. */
const SWEEP_MS = 5000;

/**
 * Plays every person in a campaign: the operator who starts all candidates and confirms reviews, and the reviewers who
 * merge pull requests. It acts on Loom's event stream, and looks again now and then. Resolves when all are completed.
 */
export async function runCampaign(deps: CampaignDeps): Promise<CampaignResult> {
  const { loom, migrationId, signal } = deps;
  const result: CampaignResult = {
    counts: await counts(deps),
    merged: 0,
    reviewed: 0,
    conflicts: 0,
    retried: 0,
  };
  const done = new AbortController();
  const stopped = AbortSignal.any([done.signal, signal]);
  let failure: Error | undefined;
  const fail = (error: unknown) => {
    if (stopped.aborted) return;
    failure ??= error instanceof Error ? error : new Error(String(error));
    done.abort();
  };
  const queue = createWorkQueue(CONCURRENCY, fail);
  const act = createActs(deps, result, stopped);
  const notice = (occasion: Occasion) => queue.add(keyOf(occasion), () => act(occasion));

  async function sweep(): Promise<void> {
    for await (const { id, run } of candidates(deps, ['running'])) {
      if (run === undefined) continue;
      const steps = () => loom.runs.getSteps({ id: migrationId, cid: id });
      const { attempt, steps: all } = await patiently(steps, stopped);
      const step = all.find(({ status }) => status !== 'completed' && status !== 'merged');
      if (step !== undefined) notice({ candidateId: id, runAttempt: attempt, step });
    }
    result.counts = await counts(deps);
    deps.onCounts(result.counts, result.merged);
    if (result.counts.completed === result.counts.total) done.abort();
  }

  const stream = subscribe(`${deps.loomUrl}/migrations/${encodeURIComponent(migrationId)}/events`, {
    signal: stopped,
    onEvent: (event) => {
      if (event.type === 'step') notice(event.data);
      if (event.type === 'counts') deps.onCounts((result.counts = event.data.counts), result.merged);
    },
  });
  await startAll(deps, stopped);
  await repeatedly(sweep, SWEEP_MS, stopped).catch(fail);
  await stream;
  await queue.drained();
  if (failure !== undefined) throw failure;
  signal.throwIfAborted();
  return { ...result, counts: await counts(deps) };
}

/** Each is acted on once, however often it is seen meanwhile. */
function keyOf({ candidateId, runAttempt, step }: Occasion): string {
  return [candidateId, runAttempt, step.stepName, step.attempt, step.status].join('/');
}
