import type { ExecutionEngine } from './execution-engine';
import type { HeldRun, HeldRuns } from './held-runs';

export interface ReleaseDeps {
  held: HeldRuns;
  engine: Pick<ExecutionEngine, 'signal'>;
}

export interface ReleaseOptions {
  /** Only runs held, or told last, before this time (ISO 8601); it is noted as the time at which they were told. */
  before: string;
  /** Absent: of all migrations. */
  migrationId?: string;
  /** Asked before each batch; true ends the work early. */
  isOver?: () => boolean;
}

/** So many are listed at once … */
const BATCH = 200;
/** … and so many are told at the same time. */
const AT_ONCE = 20;

/**
 * Tells every run that a pause held, and nothing pauses any more, to go on. A run that is told twice, or late, drops
 * it; one that could not be told stays listed, so whoever calls this next goes on with it. Answers how many were told.
 * @throws what the first run that could not be told met, when all others of its batch have been
 */
export async function releaseHeld(deps: ReleaseDeps, options: ReleaseOptions): Promise<number> {
  const { before, migrationId, isOver = () => false } = options;
  let told = 0;
  while (!isOver()) {
    const batch = await deps.held.due(before, BATCH, migrationId);
    if (batch.length === 0) break;
    told += await tellAll(deps, batch, before);
  }
  return told;
}

async function tellAll(
  { held, engine }: ReleaseDeps,
  batch: readonly HeldRun[],
  at: string,
): Promise<number> {
  const failures: unknown[] = [];
  let told = 0;
  for (let start = 0; start < batch.length; start += AT_ONCE) {
    const slice = batch.slice(start, start + AT_ONCE);
    const results = await Promise.allSettled(
      slice.map(({ runId, runAttempt }) =>
        engine.signal(runId, { signal: 'release', payload: { runAttempt } }),
      ),
    );
    const reached = slice.filter((_, index) => results[index]?.status === 'fulfilled');
    failures.push(...results.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : [])));
    if (reached.length > 0) await held.told(reached, at);
    told += reached.length;
  }
  if (failures.length > 0) throw failures[0];
  return told;
}
