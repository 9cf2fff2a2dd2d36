import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeConflict, seedApplications } from '@loom/seed';
import type { PlannedConflict } from './campaign-types';
import { git } from './git';

export interface PlannedConflictOptions {
  forgeUrl: string;
  token: string;
  apps: number;
}

/**
 * The first application's first chart swap: while its pull request is open, a colleague changes the same line on the
 * main branch; before the retry that commit is reverted.
 */
export function plannedConflict({ forgeUrl, token, apps }: PlannedConflictOptions): PlannedConflict {
  const [application] = seedApplications(apps);
  if (application === undefined) throw new Error('a demo needs at least one application');
  let caused: { repo: string; commit: string } | undefined;
  return {
    candidateId: application.id,
    stepName: `swap-chart-${application.environments[0] ?? ''}`,
    async cause() {
      caused = await makeConflict({ forgeUrl, token, app: application.id });
    },
    async mend() {
      if (caused === undefined) throw new Error('there is no conflict to mend');
      await revert(`${forgeUrl}/${caused.repo}.git`, token, caused.commit);
    },
  };
}

/** Others push to the same branch all the time; each attempt begins with what it is by then. */
const ATTEMPTS = 10;

async function revert(remote: string, token: string, commit: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'loom-mend-'));
  const author = ['-c', 'user.name=colleague', '-c', 'user.email=colleague@acme.example'];
  try {
    await git(directory, ['clone', '--quiet', '--', remote, '.'], token);
    for (let left = ATTEMPTS; ; left -= 1) {
      await git(directory, [...author, 'revert', '--no-edit', commit]);
      try {
        await git(directory, ['push', '--quiet', '--', 'origin', 'HEAD:main'], token);
        return;
      } catch (error) {
        if (left === 0) throw error;
      }
      await git(directory, ['fetch', '--quiet', '--', 'origin', 'main'], token);
      await git(directory, ['reset', '--quiet', '--hard', 'FETCH_HEAD']);
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
