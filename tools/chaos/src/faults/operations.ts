import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { createLoomClient } from '@loom/api-types';
import {
  noteAttempt,
  OPERATIONS,
  perform,
  seeded,
  startLedgerMigrator,
  violations,
  type LedgerMigrator,
  type Performed,
} from '@loom/e2e';
import type { Fault, Stage } from '../stage';

const AT_ONCE = 50;
const SEEDS = 2 ** 20;
const REST_LIMIT_MS = 120_000;
const REST_EVERY_MS = 200;
/** For a dispatch or two to come of it. */
const FOLLOW_MS = 500;

/** What people and scripts do to one candidate at the same moment; the domain's model has to hold. */
const operations: Fault = {
  name: 'parallel operations',
  what: `${AT_ONCE} starts, cancels, retries, queues, dequeues and events at once on one candidate, twice; then rest`,
  times: 10,
  async inject(stage) {
    const migrator = await startLedgerMigrator();
    try {
      return await operate(stage, migrator);
    } finally {
      await migrator.close();
    }
  },
};

async function operate(stage: Stage, migrator: LedgerMigrator): Promise<string> {
  const { world, wrong } = stage;
  const seed = Math.floor(stage.random() * SEEDS);
  const random = seeded(seed);
  const migrationId = `operations-${randomUUID().slice(0, 8)}`;
  const client = createLoomClient({ baseUrl: world.apis[0].url });
  await client.registry.announceMigration({
    requestBody: {
      id: migrationId,
      name: migrationId,
      description: '',
      migratorApp: migrationId,
      migratorUrl: migrator.url,
      steps: ['one', 'two', 'three'].map((name) => ({ name, migratorApp: migrationId })),
      candidates: [{ id: 'c-0' }],
    },
  });
  const deps = { apis: world.apis.map(({ url }) => url), migrator, migrationId };
  const performed: Performed[] = [];
  const burst = async (): Promise<void> => {
    const chosen = Array.from({ length: AT_ONCE }, () => random.pick(OPERATIONS));
    const results = await Promise.all(chosen.map((one) => perform(deps, 'c-0', one, random)));
    performed.push(...results.filter((one) => one !== undefined));
  };
  await burst();
  await pause(FOLLOW_MS);
  await burst();
  const cancel = async (): Promise<void> => {
    const one = await perform(deps, 'c-0', 'cancel', random);
    if (one !== undefined) performed.push(noteAttempt(performed, one));
  };
  const { status, attempt, workflowOpen } = await rest(stage, migrationId, cancel);
  const page = await client.runs.listCancelledAttempts({ id: migrationId, limit: 1000 });
  const cancelled = page.cancelledAttempts.map((one) => one.attempt);
  const evidence = { performed, posts: migrator.ledger, status, attempt, cancelled, workflowOpen };
  for (const found of violations(evidence)) wrong(`${migrationId} (seed ${seed}): ${found}`);
  return `seed ${seed}: ${performed.length} answered, ${cancelled.length} attempts cancelled, ${status} at the end`;
}

/** Cancels what still runs, until nothing does. */
async function rest({ world }: Stage, migrationId: string, cancel: () => Promise<void>) {
  const client = createLoomClient({ baseUrl: world.apis[0].url });
  const connection = await Connection.connect({ address: world.temporal.address });
  try {
    const { workflow } = new Client({ connection });
    const isOpen = async (): Promise<boolean> =>
      (await workflow.count(`WorkflowId = "${migrationId}__c-0" AND ExecutionStatus = "Running"`)).count > 0;
    for (const end = Date.now() + REST_LIMIT_MS; ;) {
      const { status, run } = await client.candidates.getCandidate({ id: migrationId, cid: 'c-0' });
      const workflowOpen = await isOpen();
      if ((status !== 'running' && !workflowOpen) || Date.now() > end)
        return { status, attempt: run?.attempt, workflowOpen };
      if (status === 'running') await cancel();
      await pause(REST_EVERY_MS);
    }
  } finally {
    await connection.close();
  }
}

export const parallelOperations: readonly Fault[] = [operations];
