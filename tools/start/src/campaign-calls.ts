import type { CandidateWithStatus, Counts } from '@loom/api-types';
import type { CampaignDeps } from './campaign-types';
import { patiently, tolerating } from './patient';

/** Starts every candidate that waits for it. */
export async function startAll(deps: CampaignDeps, signal: AbortSignal): Promise<void> {
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

/** Every candidate of these statuses, page after page. */
export async function* candidates(
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

/** The migration's counts. */
export async function counts(deps: CampaignDeps): Promise<Counts> {
  const migration = await patiently(
    () => deps.loom.migrations.getMigration({ id: deps.migrationId }),
    deps.signal,
  );
  return migration.counts;
}
