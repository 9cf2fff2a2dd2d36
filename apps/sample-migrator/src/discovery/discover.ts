import { randomUUID } from 'node:crypto';
import type { Candidate } from '@loom/domain';
import type { Logger } from '@loom/ports';
import { submitResult, type LoomAnswer, type LoomClient } from '../loom/loom-client';
import type { GitRepositories } from '../ports';
import { MIGRATION_ID } from '../steps/definitions';
import { announcement, type AnnouncementOptions } from './announcement';
import { candidatesFrom, isOfInterest, type CandidateOptions, type Discovered } from './candidates';

/** Loom answered, and not with a 2xx. */
export class LoomRefusedError extends Error {
  override readonly name = 'LoomRefusedError';
  constructor(
    what: string,
    readonly answer: LoomAnswer,
  ) {
    super(`${what}: Loom answered ${[answer.status, answer.code, answer.detail].filter(Boolean).join(' ')}`);
  }
}

export interface DiscoverDeps extends AnnouncementOptions, CandidateOptions {
  repositories: GitRepositories;
  loom: LoomClient;
  logger: Logger;
}

/** What a discovery found, and what Loom made of it. */
export interface DiscoveryReport {
  candidates: number;
  problems: string[];
  added: number;
  updated: number;
  unchanged: number;
  preserved: number;
}

/** Candidates in one submit: small enough to be answered at once, whatever their number. */
const SLICE = 500;

/** Announces the migration. @throws LoomRefusedError, or what the connection throws */
async function announce(deps: DiscoverDeps): Promise<void> {
  const answer = await deps.loom.announce(announcement(deps));
  if (answer.status >= 300) throw new LoomRefusedError('announce', answer);
}

/** Scans the GitOps repository as it is now. @throws GitError */
async function scan(deps: DiscoverDeps): Promise<Discovered> {
  const snapshot = await deps.repositories.snapshot(deps.gitopsRepo);
  try {
    const paths = (await snapshot.list('apps')).filter(isOfInterest);
    const files = await snapshot.readMany(paths);
    return candidatesFrom(files, deps);
  } finally {
    snapshot.release();
  }
}

/** Announces, scans, and submits what was found in slices. Repeating it changes nothing where nothing changed. */
export async function discover(deps: DiscoverDeps): Promise<DiscoveryReport> {
  // A store that was lost knows the migration again from here on.
  await announce(deps);
  const { candidates, problems } = await scan(deps);
  const report: DiscoveryReport = {
    candidates: candidates.length,
    problems,
    added: 0,
    updated: 0,
    unchanged: 0,
    preserved: 0,
  };
  const discoveryId = randomUUID();
  for (const slice of slices(candidates)) {
    const answer = await deps.loom.submit(MIGRATION_ID, slice, discoveryId);
    if (answer.status >= 300) throw new LoomRefusedError('submit', answer);
    const result = submitResult(answer);
    report.added += result.added;
    report.updated += result.updated;
    report.unchanged += result.unchanged;
    report.preserved += result.preserved;
  }
  for (const problem of problems) deps.logger.warn('not a candidate', { problem });
  deps.logger.info('candidates discovered', { ...report, problems: problems.length });
  return report;
}

function* slices(candidates: readonly Candidate[]): Generator<Candidate[]> {
  for (let index = 0; index < candidates.length; index += SLICE) yield candidates.slice(index, index + SLICE);
}
