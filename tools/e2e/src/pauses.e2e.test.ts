import { randomUUID } from 'node:crypto';
import { startBlackHole, waitUntil } from '@loom/dev-stack';
import { allCompleted, announceFleet, client, completes, effects, type Fleet } from './fleet';
import { startLedgerMigrator, type LedgerMigrator } from './ledger-migrator';
import { startSmallLoom, type SmallLoom } from './small-loom';

let loom: SmallLoom;
let migrator: LedgerMigrator;
let blackHole: Awaited<ReturnType<typeof startBlackHole>>;
const { report, refused } = completes(() => loom.apis);

beforeAll(async () => {
  [loom, migrator, blackHole] = await Promise.all([
    startSmallLoom({ apis: 1 }),
    startLedgerMigrator(),
    startBlackHole(),
  ]);
}, 180_000);
afterAll(async () => {
  await loom.stop();
  await Promise.all([migrator.close(), blackHole.close()]);
});

const api = () => client(loom.apis[0]);
const posts = (fleet: Fleet) => migrator.ledger.filter(({ key }) => key.startsWith(`${fleet.migrationId}__`));
const posted = (fleet: Fleet, count: number) =>
  waitUntil(`${count} dispatches`, async () => Promise.resolve(posts(fleet).length >= count), {
    timeoutMs: 120_000,
    everyMs: 50,
  });

/** Starts each candidate as an operator does: a 503 of a busy machine is repeated with its key. */
async function startEach({ migrationId: id, candidateIds }: Fleet): Promise<void> {
  const start = async (cid: string): Promise<boolean> => {
    await api().runs.startCandidate({ id, cid, idempotencyKey: cid });
    return true;
  };
  const limits = { timeoutMs: 60_000, everyMs: 250 };
  await Promise.all(candidateIds.map((cid) => waitUntil(`${cid} started`, () => start(cid), limits)));
}

/** A fleet whose first steps are done, and which is held before its second ones. */
async function heldFleet(size: number): Promise<Fleet> {
  const migrationId = `held-${randomUUID().slice(0, 8)}`;
  const fleet = await announceFleet(loom.apis[0], migrator, { migrationId, size, steps: 2 });
  await startEach(fleet);
  await posted(fleet, size);
  await api().controls.pauseMigration({ id: migrationId, requestBody: { reason: 'a test' } });
  for (const one of posts(fleet)) report(one);
  const allHeld = async (): Promise<boolean> => {
    const { candidates } = await api().candidates.listCandidates({ id: migrationId });
    return candidates.every(({ run }) => run?.heldSince !== undefined);
  };
  await waitUntil('all held', allHeld, { timeoutMs: 120_000, everyMs: 250 });
  return fleet;
}

async function completeAll(fleet: Fleet, before: number): Promise<void> {
  const { length: size } = fleet.candidateIds;
  await posted(fleet, before + size);
  for (const one of posts(fleet).slice(before)) report(one);
  await allCompleted(loom.apis[0], fleet);
  // Each step attempt once, in order, and of those that were held no POST twice.
  const { expected, seen } = effects(migrator, fleet);
  expect(seen).toEqual(expected);
  expect(posts(fleet)).toHaveLength(before + size);
}

it('50 held runs outlive a kill of the worker and go on when they are resumed, each with one dispatch', async () => {
  const fleet = await heldFleet(50);
  const { length: before } = posts(fleet);
  await loom.bounceWorker();
  const { paused } = await api().controls.resumeMigration({ id: fleet.migrationId });
  expect(paused).toBeUndefined();
  await completeAll(fleet, before);
});

it('held runs go on though the api was killed between the end of the pause and telling them', async () => {
  const fleet = await heldFleet(10);
  const { length: before } = posts(fleet);
  // Its Temporal never answers, so it tells nobody.
  const odd = await loom.startOddApi({ TEMPORAL_HOSTPORT: blackHole.address });
  const answer = await fetch(`${odd.url}/migrations/${fleet.migrationId}/resume`, { method: 'POST' });
  expect(answer.status).toBe(200);
  await odd.kill();
  await completeAll(fleet, before);
});

it('no event of a migrator was refused in all this', () => {
  expect(refused).toEqual([]);
});
