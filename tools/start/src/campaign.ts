import {
  problemOf,
  subscribe,
  type CandidateWithStatus,
  type Counts,
  type LoomClient,
  type StepState,
} from '@loom/api-types';
import { parsePullRequestUrl, type ForgeClient, type PullRequestRef } from './forge-client';
import { patiently } from './patient';
import { createWorkQueue } from './work-queue';

/** One pull request that is made to conflict, so that the campaign shows a failure and its mending. */
export interface PlannedConflict {
  candidateId: string;
  stepName: string;
  /** Makes the open pull request unmergeable. */
  cause(pull: PullRequestRef): Promise<void>;
  /** Removes the cause, before the retry. */
  mend(): Promise<void>;
}

export interface CampaignDeps {
  loom: LoomClient;
  loomUrl: string;
  forge: ForgeClient;
  migrationId: string;
  inputs(candidate: CandidateWithStatus): Record<string, string>;
  conflict?: PlannedConflict;
  onCounts(counts: Counts, merged: number): void;
  onNote(line: string): void;
  signal: AbortSignal;
}

export interface CampaignResult {
  counts: Counts;
  merged: number;
  reviewed: number;
  conflicts: number;
  retried: number;
}

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
  let conflictCaused = false;
  let conflictMended = false;

  const act = (candidateId: string, runAttempt: number, step: StepState): void => {
    const key = `${candidateId}/${String(runAttempt)}/${step.stepName}/${String(step.attempt)}/${step.status}`;
    queue.add(key, async () => {
      if (step.status === 'open') await review(candidateId, step);
      else if (step.status === 'awaiting_review') await confirm(candidateId, runAttempt, step);
      else if (step.status === 'failed') await mend(candidateId, step);
    });
  };

  async function review(candidateId: string, step: StepState): Promise<void> {
    const pull = parsePullRequestUrl(step.metadata?.['prUrl'] ?? '');
    if (pull === undefined) throw new Error(`${candidateId}/${step.stepName} is open without a pull request`);
    const planned = deps.conflict;
    const isPlanned =
      planned?.candidateId === candidateId && planned.stepName === step.stepName && step.attempt === 1;
    if (isPlanned && !conflictCaused) {
      conflictCaused = true;
      await planned.cause(pull);
    }
    const outcome = await deps.forge.merge(pull);
    if (outcome === 'merged') result.merged += 1;
    if (outcome !== 'conflict') return;
    result.conflicts += 1;
    deps.onNote(`${candidateId}: ${step.stepName} conflicts; its pull request is closed unmerged`);
    await deps.forge.close(pull);
  }

  async function confirm(candidateId: string, runAttempt: number, step: StepState): Promise<void> {
    const { stepName, attempt } = step;
    const requestBody = { stepName, candidateId, status: 'completed' as const, runAttempt, attempt };
    await tolerating(['event_not_expected'], () =>
      patiently(
        () => loom.registry.raiseEvent({ callbackId: `${migrationId}__${candidateId}`, requestBody }),
        stopped,
      ),
    );
    result.reviewed += 1;
  }

  async function mend(candidateId: string, step: StepState): Promise<void> {
    if (deps.conflict?.candidateId !== candidateId || deps.conflict.stepName !== step.stepName) {
      throw new Error(`${candidateId}: ${step.stepName} failed: ${step.reason ?? 'no reason given'}`);
    }
    // A second look may meet the same failure before the retry shows.
    if (!conflictMended) await deps.conflict.mend();
    conflictMended = true;
    deps.onNote(`${candidateId}: the conflict is mended; ${step.stepName} is retried`);
    const requestBody = { stepName: step.stepName, attempt: step.attempt };
    await tolerating(['step_not_failed'], () =>
      patiently(() => loom.runs.retryStep({ id: migrationId, cid: candidateId, requestBody }), stopped),
    );
    result.retried += 1;
  }

  async function sweep(): Promise<void> {
    for await (const { id, run } of candidates(deps, ['running'])) {
      if (run === undefined) continue;
      const { attempt, steps } = await patiently(
        () => loom.runs.getSteps({ id: migrationId, cid: id }),
        stopped,
      );
      const current = steps.find(({ status }) => status !== 'completed' && status !== 'merged');
      if (current !== undefined) act(id, attempt, current);
    }
    result.counts = await counts(deps);
    deps.onCounts(result.counts, result.merged);
    if (result.counts.completed === result.counts.total) done.abort();
  }

  const stream = subscribe(`${deps.loomUrl}/migrations/${encodeURIComponent(migrationId)}/events`, {
    signal: stopped,
    onEvent: (event) => {
      if (event.type === 'step') act(event.data.candidateId, event.data.runAttempt, event.data.step);
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

async function repeatedly(work: () => Promise<void>, everyMs: number, signal: AbortSignal): Promise<void> {
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    try {
      await work();
    } catch (error) {
      if (!isOver()) throw error;
    }
    await new Promise<void>((settle) => {
      const timer = setTimeout(settle, everyMs);
      signal.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          settle();
        },
        { once: true },
      );
    });
  }
}

async function startAll(deps: CampaignDeps, signal: AbortSignal): Promise<void> {
  const queue: CandidateWithStatus[] = [];
  for await (const candidate of candidates(deps, ['not_started', 'queued'])) queue.push(candidate);
  const starter = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { id: cid } = next;
      const call = { id: deps.migrationId, cid, requestBody: { inputs: deps.inputs(next) } };
      // Repeated after a lost answer, it finds the candidate running: that is what was wanted.
      await tolerating(['candidate_already_running', 'candidate_already_completed'], () =>
        patiently(() => deps.loom.runs.startCandidate(call), signal),
      );
    }
  };
  await Promise.all(Array.from({ length: 8 }, starter));
}

async function* candidates(
  deps: CampaignDeps,
  status: CandidateWithStatus['status'][],
): AsyncGenerator<CandidateWithStatus> {
  let cursor: string | undefined;
  do {
    const request = { id: deps.migrationId, status, limit: 200, ...(cursor === undefined ? {} : { cursor }) };
    const page = await patiently(() => deps.loom.candidates.listCandidates(request), deps.signal);
    yield* page.candidates;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

async function counts(deps: CampaignDeps): Promise<Counts> {
  const migration = await patiently(
    () => deps.loom.migrations.getMigration({ id: deps.migrationId }),
    deps.signal,
  );
  return migration.counts;
}

async function tolerating(codes: string[], call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!codes.includes(problemOf(error)?.code ?? '')) throw error;
  }
}
