import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeConflict, seedApplications } from '@loom/seed';
import type { PlannedConflict } from './campaign';
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

async function revert(remote: string, token: string, commit: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'loom-mend-'));
  // The token goes by a header: it must not stand in a URL, where it would be logged.
  const credentials = Buffer.from(`loom:${token}`).toString('base64');
  const asReviewer = ['-c', `http.extraHeader=Authorization: Basic ${credentials}`];
  const author = ['-c', 'user.name=colleague', '-c', 'user.email=colleague@acme.example'];
  try {
    await git(directory, [...asReviewer, 'clone', '--quiet', '--', remote, '.']);
    await git(directory, [...author, 'revert', '--no-edit', commit]);
    await git(directory, [...asReviewer, 'push', '--quiet', '--', 'origin', 'HEAD:main']);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
