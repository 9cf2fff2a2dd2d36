import { Redis } from 'ioredis';
import { Client, Connection } from '@temporalio/client';
import { createLoomClient, type LoomClient } from '@loom/api-types';
import { waitUntil } from '@loom/dev-stack';
import type { Fault, Stage } from '../stage';

const TIMES = 10;
const REBUILT_LIMIT_MS = 120_000;
const EVERY_MS = 200;
/** Twice what the reconciliation leaves between its two looks: what it saw for the first time is mended by then. */
const AGREED_LIMIT_MS = 10_000;
/** Above all that the campaign has used: each loss begins a hundred further. */
const FIRST_ATTEMPT = 100;

/**
 * Redis forgets everything. Its migrator announces what it has discovered, Temporal proves the rest; what nobody can
 * prove is started again only after an admin said so.
 */
const flushed: Fault = {
  name: 'store lost',
  what: 'FLUSHALL; the migrator announces anew, the reconciliation rebuilds, an admin accepts the rest',
  times: TIMES,
  // Until the run is rebuilt nobody knows it; a migrator repeats a report after any answer that is not final.
  answers: [404],
  async inject({ world, campaign, wrong }, n) {
    await campaign.hold();
    const client = createLoomClient({ baseUrl: world.apis[n % 2]?.url ?? world.apis[0].url });
    const { lostAt: before } = await client.admin.getLastReconciliation();
    await flushAll(world.redis);
    await campaign.announce();
    await waitUntil('the rebuild', () => isRebuilt(client, before), {
      timeoutMs: REBUILT_LIMIT_MS,
      everyMs: EVERY_MS,
    });
    const rebuilt = campaign.moving().length;
    for (const one of await disagreement({ world, campaign })) wrong(one);
    const firstAttempt = FIRST_ATTEMPT * (n + 1);
    await client.admin.acceptLostAttempts({
      requestBody: { migrationId: campaign.migrationId, firstAttempt },
    });
    // The campaigns after this one are of migrations that nobody has announced yet.
    await client.admin.acceptLostAttempts({ requestBody: { firstAttempt } });
    campaign.goOn();
    return `${rebuilt} still ran after the rebuild`;
  },
};

async function flushAll({ host, port }: Stage['world']['redis']): Promise<void> {
  const redis = new Redis({ host, port });
  try {
    await redis.flushall();
  } finally {
    redis.disconnect();
  }
}

async function isRebuilt(client: LoomClient, before: string | undefined): Promise<boolean> {
  const { store, lostAt, waiting } = await client.admin.getLastReconciliation();
  return store === 'sound' && lostAt !== undefined && lostAt !== before && waiting === 0;
}

/** Running candidates without an open workflow, and the reverse, that are so for longer than a repair takes. */
async function disagreement({ world, campaign }: Pick<Stage, 'world' | 'campaign'>): Promise<string[]> {
  const connection = await Connection.connect({ address: world.temporal.address });
  const client = createLoomClient({ baseUrl: world.apis[0].url });
  const { workflow } = new Client({ connection });
  const { migrationId } = campaign;
  let found: string[] = [];
  const agreed = async (): Promise<boolean> => {
    const shown = await runningCandidates(client, migrationId);
    const open = new Set<string>();
    const query = `WorkflowId STARTS_WITH "${migrationId}__" AND ExecutionStatus = "Running"`;
    for await (const { workflowId } of workflow.list({ query })) open.add(workflowId);
    found = [
      ...[...shown].filter((id) => !open.has(id)).map((id) => `${id}: running, without an open workflow`),
      ...[...open].filter((id) => !shown.has(id)).map((id) => `${id}: open, and not shown as running`),
    ];
    return found.length === 0;
  };
  try {
    await waitUntil('agreement', agreed, { timeoutMs: AGREED_LIMIT_MS, everyMs: EVERY_MS }).catch(
      () => undefined,
    );
    return found;
  } finally {
    await connection.close();
  }
}

async function runningCandidates(client: LoomClient, id: string): Promise<Set<string>> {
  const { candidates } = await client.candidates.listCandidates({ id, status: ['running'], limit: 1000 });
  return new Set(candidates.map((one) => `${id}__${one.id}`));
}

export const lostStores: readonly Fault[] = [flushed];
