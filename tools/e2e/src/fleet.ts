import { waitUntil } from '@loom/dev-stack';
import { createLoomClient, type LoomClient } from '@loom/api-types';
import type { LedgerMigrator, Posted } from './ledger-migrator';

/** One migration of many candidates, all of them served by a ledger migrator. */
export interface Fleet {
  migrationId: string;
  candidateIds: string[];
  steps: string[];
}

export const client = (baseUrl: string | undefined): LoomClient =>
  createLoomClient({ baseUrl: baseUrl ?? '' });

/** Announces a migration with `size` candidates and as many `steps`. */
export async function announceFleet(
  api: string | undefined,
  migrator: LedgerMigrator,
  { migrationId, size, steps }: { migrationId: string; size: number; steps: number },
): Promise<Fleet> {
  const candidateIds = Array.from({ length: size }, (_, i) => `c-${i}`);
  const names = Array.from({ length: steps }, (_, i) => `step-${i}`);
  await client(api).registry.announceMigration({
    requestBody: {
      id: migrationId,
      name: migrationId,
      description: '',
      migratorApp: 'ledger',
      migratorUrl: migrator.url,
      steps: names.map((name) => ({ name, migratorApp: 'ledger' })),
      candidates: candidateIds.map((id) => ({ id })),
    },
  });
  return { migrationId, candidateIds, steps: names };
}

/** Starts every candidate, all at the same time; rejects when one is not accepted. */
export async function startAll(api: string | undefined, { migrationId, candidateIds }: Fleet): Promise<void> {
  await Promise.all(candidateIds.map((cid) => client(api).runs.startCandidate({ id: migrationId, cid })));
}

/** Resolves when every candidate is completed. */
export async function allCompleted(
  api: string | undefined,
  fleet: Fleet,
  timeoutMs = 120_000,
): Promise<void> {
  const done = async (): Promise<boolean> => {
    const { counts } = await client(api).migrations.getMigration({ id: fleet.migrationId });
    if (counts.completed !== fleet.candidateIds.length) throw new Error(JSON.stringify(counts));
    return true;
  };
  await waitUntil(`${fleet.migrationId} completed`, done, { timeoutMs, everyMs: 250 });
}

/**
 * Reports each step as completed, as a migrator does that has done its work: again until an api takes the event.
 * `refused` gathers answers that no event of a first step attempt may get.
 */
export function completes(apis: () => readonly string[]): {
  report: (posted: Posted) => void;
  refused: string[];
} {
  const refused: string[] = [];
  const post = async ({ callbackId, candidateId, stepName }: Posted): Promise<boolean> => {
    for (const api of apis()) {
      const answer = await fetch(`${api}/event/${encodeURIComponent(callbackId)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ stepName, candidateId, status: 'completed', eventId: callbackId }),
        signal: AbortSignal.timeout(20_000),
      }).catch(() => undefined);
      if (answer === undefined || answer.status === 503) continue;
      if (answer.status !== 202) refused.push(`${candidateId} ${stepName}: ${answer.status}`);
      return true;
    }
    return false;
  };
  return {
    refused,
    report: (posted) => {
      const what = `event of ${posted.key}`;
      waitUntil(what, () => post(posted), { timeoutMs: 60_000 }).catch((error: unknown) => {
        refused.push(`${what}: ${String(error)}`);
      });
    },
  };
}

/** One effect for each step of each candidate, in order: the keys that a migrator saw for the first time. */
export function effects({ ledger }: LedgerMigrator, fleet: Fleet): { expected: string[]; seen: string[] } {
  const prefix = `${fleet.migrationId}__`;
  const keys = new Set(ledger.filter(({ key }) => key.startsWith(prefix)).map(({ key }) => key));
  const byCandidate = (a: string, b: string): number => {
    const [left = '', right = ''] = [a, b].map((key) => key.split('/')[0]);
    return left < right ? -1 : Number(left > right);
  };
  const expected = fleet.candidateIds.flatMap((id) =>
    fleet.steps.map((_, step) => `${prefix}${id}/1/${step}/1`),
  );
  // The sort is stable, so the order of arrival stays within each candidate.
  return { expected: expected.sort(byCandidate), seen: [...keys].sort(byCandidate) };
}
