import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import { createLoomClient, type LoomClient } from '@loom/api-types';
import { testTemporalAddr } from '@loom/dev-stack';
import { startLedgerMigrator, type LedgerMigrator } from './ledger-migrator';
import { violations, type Evidence } from './model-check';
import { noteAttempt, OPERATIONS, perform, type Performed } from './random-operations';
import { seeded } from './seeded';
import { startSmallLoom, type SmallLoom } from './small-loom';

const SEQUENCES = 200;
const AT_ONCE = 25;
const ROUNDS = 10;
/** Sequences between two kills of the worker, each of which holds the runs up for some seconds. */
const WORKER_KILL_EVERY = 50;
/** For the next dispatch to come, between two rounds; mostly it comes within some milliseconds. */
const DISPATCH_MS = 250;
/** The reconciliation leaves half a minute before it steps in, and ticks every two seconds here. */
const REST_LIMIT_MS = 120_000;
const FIRST_SEED = Number(process.env['LOOM_SEED'] ?? 1);

let loom: SmallLoom;
let migrator: LedgerMigrator;
let connection: Connection;
let temporal: Client;
const migrationId = `random-${randomUUID().slice(0, 8)}`;

beforeAll(async () => {
  [loom, migrator, connection] = await Promise.all([
    startSmallLoom({ apis: 2 }),
    startLedgerMigrator(),
    Connection.connect({ address: testTemporalAddr() }),
  ]);
  temporal = new Client({ connection });
  const steps = ['one', 'two', 'three'].map((name) => ({ name, migratorApp: 'ledger' }));
  const candidates = Array.from({ length: SEQUENCES }, (_, i) => ({ id: `c-${FIRST_SEED + i}` }));
  await client().registry.announceMigration({
    requestBody: {
      id: migrationId,
      name: 'Random',
      description: '',
      migratorApp: 'ledger',
      migratorUrl: migrator.url,
      steps,
      candidates,
    },
  });
}, 120_000);

afterAll(async () => {
  await loom.stop();
  await Promise.all([migrator.close(), connection.close()]);
});

const client = (index = 0): LoomClient => createLoomClient({ baseUrl: loom.apis[index] ?? '' });

interface Played {
  seed: number;
  found: string[];
  performed: Performed[];
  status: string;
}

async function play(seed: number): Promise<Played> {
  const candidateId = `c-${seed}`;
  const random = seeded(seed);
  const performed: Performed[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = migrator.another(candidateId, DISPATCH_MS);
    const chosen = Array.from({ length: 1 + random.below(4) }, () => random.pick(OPERATIONS));
    const results = await Promise.all(
      chosen.map((operation) => perform(deps(), candidateId, operation, random)),
    );
    const answered = known(results);
    performed.push(...(chosen.length === 1 ? answered.map((one) => noteAttempt(performed, one)) : answered));
    await next;
  }
  const evidence = await rest(candidateId, performed, seed % 3 === 0 ? finish(seed) : cancel);
  return { seed, found: violations(evidence), performed, status: evidence.status };
}

/** What is done, again and again, to bring a run to rest. */
type End = (candidateId: string) => Promise<Performed[]>;
const deps = () => ({ apis: loom.apis, migrator, migrationId });
const known = (all: (Performed | undefined)[]): Performed[] => all.filter((one) => one !== undefined);

const anyReplica = seeded(FIRST_SEED);
const cancel: End = async (candidateId) => known([await perform(deps(), candidateId, 'cancel', anyReplica)]);
/** By a failure and its retry, so that there are some of each however few steps the sequence itself came to. */
const finish = (seed: number): End => {
  const random = seeded(seed);
  let hasFailed = false;
  return async (candidateId) => {
    if (!hasFailed) {
      const one = await perform(deps(), candidateId, 'event', random, 'failed');
      hasFailed = one?.status === 202;
      return known([one]);
    }
    const retried = await perform(deps(), candidateId, 'retry', random);
    return known([retried, await perform(deps(), candidateId, 'event', random, 'completed')]);
  };
};

/** Ends what still runs, waits until nothing moves any more, and gathers what can be seen. */
async function rest(candidateId: string, performed: Performed[], end: End): Promise<Evidence> {
  const limit = Date.now() + REST_LIMIT_MS;
  for (;;) {
    const row = await anywhere((c) => c.candidates.getCandidate({ id: migrationId, cid: candidateId }));
    const workflowOpen = await isOpen(candidateId);
    const resting = row.status !== 'running' && !workflowOpen;
    if (resting || Date.now() > limit) {
      const cancelled = await cancelledAttempts(candidateId);
      const posts = migrator.ledger.filter((one) => one.candidateId === candidateId);
      return { performed, posts, status: row.status, attempt: row.run?.attempt, cancelled, workflowOpen };
    }
    if (row.status === 'running') {
      for (const one of await end(candidateId)) performed.push(noteAttempt(performed, one));
    }
    await pause(200);
  }
}

async function cancelledAttempts(candidateId: string): Promise<number[]> {
  const found: number[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await anywhere((c) =>
      c.runs.listCancelledAttempts({
        id: migrationId,
        limit: 1000,
        ...(cursor === undefined ? {} : { cursor }),
      }),
    );
    found.push(
      ...page.cancelledAttempts
        .filter((one) => one.candidateId === candidateId)
        .map(({ attempt }) => attempt),
    );
    if (page.nextCursor === undefined) return found;
    cursor = page.nextCursor;
  }
}

async function isOpen(candidateId: string): Promise<boolean> {
  try {
    const { status } = await temporal.workflow.getHandle(`${migrationId}__${candidateId}`).describe();
    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false; // never started
    throw error;
  }
}

/** Asks the replicas in turn: one of them may be dead just now. */
async function anywhere<T>(call: (c: LoomClient) => Promise<T>): Promise<T> {
  for (let i = 0; ; i += 1) {
    try {
      return await call(client(i % loom.apis.length));
    } catch (error) {
      if (i >= 50) throw error;
      await pause(100);
    }
  }
}

it(`${SEQUENCES} random sequences of parallel operations, while replicas of the api and the worker are killed, never leave the domain's model`, async () => {
  const over = new AbortController();
  let kills = 0;
  const killer = (async () => {
    for (; !over.signal.aborted; kills += 1) {
      await loom.bounceApi(kills % loom.apis.length);
      await pause(1000, undefined, { signal: over.signal }).catch(() => undefined);
    }
  })();
  let workerKills = 0;
  const bounceWorkerNow = async (): Promise<void> => {
    await loom.bounceWorker();
    workerKills += 1;
  };
  let workerKiller = Promise.resolve();
  const seeds = Array.from({ length: SEQUENCES }, (_, i) => FIRST_SEED + i);
  const results: Played[] = [];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        results.push(await play(seed));
        // By what was played, not by the clock: a fast machine must meet it, too.
        if (results.length % WORKER_KILL_EVERY === 0) workerKiller = workerKiller.then(bounceWorkerNow);
      }
    }),
  );
  over.abort();
  await Promise.all([killer, workerKiller]);

  const broken = results.filter(({ found }) => found.length > 0).map(({ seed, found }) => ({ seed, found }));
  expect(broken).toEqual([]);
  expect(kills).toBeGreaterThan(5);
  expect(workerKills).toBeGreaterThanOrEqual(3);
  const ends = new Set(results.map(({ status }) => status));
  expect([...ends]).toEqual(expect.arrayContaining(['completed', 'not_started']));
  // The sequences did something: runs were started, completed, cancelled and retried.
  const accepted = (operation: string) =>
    results
      .flatMap(({ performed }) => performed)
      .filter((one) => one.operation === operation && (one.status === 202 || one.status === 204)).length;
  for (const operation of OPERATIONS.slice(0, 7))
    expect([operation, accepted(operation) > 0]).toEqual([operation, true]);

  const { counts } = await anywhere((c) => c.migrations.getMigration({ id: migrationId }));
  const recount = { not_started: 0, queued: 0, running: 0, completed: 0 };
  for (let cursor: string | undefined; ;) {
    const page = await anywhere((c) =>
      c.candidates.listCandidates({
        id: migrationId,
        limit: 100,
        ...(cursor === undefined ? {} : { cursor }),
      }),
    );
    for (const { status } of page.candidates) recount[status] += 1;
    if (page.nextCursor === undefined) break;
    cursor = page.nextCursor;
  }
  expect(counts).toMatchObject({ ...recount, total: SEQUENCES });
}, 600_000);
