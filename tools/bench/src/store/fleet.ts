import { plannedSteps, runId, type MigrationDefinition, type StepState } from '@loom/domain';
import type { Stores } from '@loom/ports';
import { candidateOf, candidatesOf } from './candidates';

/** What a submit carries at most. */
const MOST = 10_000;

/** The time of everything that the bench writes. */
export const now = (): string => new Date().toISOString();

/** A definition of five steps. */
export function definitionOf(id: string): MigrationDefinition {
  const names = ['generate', 'review', 'development', 'staging', 'production'];
  return {
    id,
    name: `Migration ${id}`,
    description: 'Moves services from the generic chart to charts of their own.',
    migratorApp: 'bench',
    migratorUrl: 'http://127.0.0.1:9',
    steps: names.map((name) => ({ name, migratorApp: 'bench' })),
  };
}

/** Submits candidates `from` … `to` of a fleet of `size`, 10,000 a call, as a discovery does. */
export async function submitRange(
  stores: Stores,
  migrationId: string,
  { from, to, size, revision = 0 }: { from: number; to: number; size: number; revision?: number },
): Promise<void> {
  for (let start = from; start < to; start += MOST) {
    const candidates = candidatesOf(start, Math.min(start + MOST, to), size, revision);
    await stores.candidates.submit(migrationId, candidates, now());
  }
}

/** Queues some, and starts some others whose first step has failed, so that every kind of list has rows. */
export async function moveSome(stores: Stores, migrationId: string, size: number): Promise<void> {
  const count = Math.min(2000, size / 10);
  const ids = Array.from(
    { length: count },
    (_, index) => candidateOf(index * Math.floor(size / count), size).id,
  );
  for (const [index, candidateId] of ids.entries()) {
    if (index % 4 > 0) await stores.runs.queue({ migrationId, candidateId, inputs: {}, at: now() });
    else await failFirstStep(stores, migrationId, candidateId);
  }
}

/** Starts a candidate whose first step then fails. */
export async function failFirstStep(stores: Stores, migrationId: string, candidateId: string): Promise<void> {
  const [snapshot, row, migration] = await Promise.all([
    stores.reader.snapshot(migrationId, candidateId),
    stores.candidates.get(migrationId, candidateId),
    stores.migrations.get(migrationId),
  ]);
  if (snapshot === undefined || row === undefined || migration === undefined)
    throw new Error(`there is no ${candidateId}`);
  const { steps } = migration;
  const id = runId(migrationId, candidateId);
  await stores.runs.reserve({
    manifest: {
      runId: id,
      migrationId,
      candidate: row.candidate,
      steps,
      inputs: {},
      nonce: id,
      reservedAt: now(),
    },
    definitionRevision: migration.revision,
    candidateVersion: snapshot.version,
    from: 'not_started_or_queued',
  });
  const address = { migrationId, candidateId, runAttempt: 1 };
  await stores.ledger.begin({ ...address, executionId: id, at: now() });
  const [first, ...others] = plannedSteps({ steps });
  const failed = {
    ...first,
    status: 'failed',
    attempt: 1,
    reason: 'the build is red',
    updatedAt: now(),
  } as StepState;
  await stores.ledger.project({
    ...address,
    seq: 1,
    steps: [failed, ...others],
    currentStep: 0,
    inputs: {},
    attention: { kind: 'step_failed', since: now(), detail: 'the build is red' },
    at: now(),
  });
}
