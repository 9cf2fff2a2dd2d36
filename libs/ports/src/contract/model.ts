import fc from 'fast-check';
import { CANDIDATE_STATUSES, noCounts, type Candidate, type CandidateRow, type Counts } from '@loom/domain';
import type { CandidateSort } from '../candidate-store';
import { createMemoryStores } from '../memory/memory-stores';
import { at, definition, Fleet, MIGRATION } from './fleet';
import type { Stores } from '../stores';
import type { MakeStores } from './stores-under-test';

/** One operation; `n` chooses among what is possible (attempts, sequence numbers, values). */
interface Operation {
  name: keyof typeof OPERATIONS;
  id: string;
  n: number;
}

type Act = (stores: Stores, op: Operation, time: number) => Promise<unknown>;

const IDS = ['a', 'b', 'c', 'd'];

/** What `n` makes of a candidate: kinds and metadata come, change and go. */
function variant(id: string, n: number): Candidate {
  const kind = ['service', 'library', undefined][n % 3];
  return {
    id,
    ...(kind === undefined ? {} : { kind }),
    ...(n % 2 === 0 ? {} : { metadata: { team: `t${n % 4}` } }),
  };
}

const address = (op: Operation) => ({
  migrationId: MIGRATION,
  candidateId: op.id,
  runAttempt: 1 + (op.n % 3),
});

const OPERATIONS = {
  announce: (stores, { n }, time) => stores.migrations.announce(definition({ name: `n${n % 3}` }), at(time)),
  submit: (stores, { id, n }, time) =>
    stores.candidates.submit(MIGRATION, [variant(id, n), variant('a', n + 1)], at(time)),
  queue: (stores, { id, n }, time) => {
    const idempotency = { key: `q${n % 5}`, fingerprint: id };
    const request = { migrationId: MIGRATION, candidateId: id, inputs: { x: `${n}` }, at: at(time) };
    return stores.runs.queue(n % 2 === 0 ? request : { ...request, idempotency });
  },
  dequeue: (stores, { id }, time) => stores.runs.dequeue(MIGRATION, id, at(time)),
  reserve: async (stores, { id, n }, time) => {
    if ((await stores.reader.snapshot(MIGRATION, id)) === undefined) return 'none';
    const draft = await new Fleet(stores).draft(id, {
      nonce: `nonce${time}`,
      reservedAt: at(time),
      from: n % 3 === 0 ? 'queued' : 'not_started_or_queued',
      ...(n % 2 === 0 ? {} : { idempotency: { key: `r${n % 4}`, fingerprint: id } }),
    });
    return stores.runs.reserve(n % 11 === 0 ? { ...draft, definitionRevision: 0 } : draft);
  },
  giveBack: async (stores, { id, n }, time) => {
    const manifest = await stores.reader.manifest(MIGRATION, id);
    if (manifest === undefined) return 'none';
    return stores.runs.giveBack(n % 7 === 0 ? { ...manifest, runAttempt: 99 } : manifest, at(time));
  },
  begin: (stores, op, time) =>
    stores.ledger.begin({ ...address(op), executionId: `x${op.n % 2}`, at: at(time) }),
  project: (stores, op, time) => stores.ledger.project(view(stores, op, time)),
  complete: (stores, op, time) => stores.ledger.complete(view(stores, op, time)),
  cancel: (stores, { id, n }, time) => {
    const command = { migrationId: MIGRATION, candidateId: id, at: at(time), by: `by${n}` };
    return stores.runs.cancel(n % 2 === 0 ? command : { ...command, reason: `why${n}` });
  },
  settleCancel: (stores, op, time) => {
    const { steps } = view(stores, op, time);
    return stores.ledger.settleCancel({
      ...address(op),
      steps,
      at: at(time),
      fallback: { by: 'f', reason: 'f' },
    });
  },
  mergeQueuedInputs: (stores, { id, n }, time) =>
    stores.runs.mergeQueuedInputs(MIGRATION, id, { [`i${n % 3}`]: `${n}` }, at(time)),
  claimRetry: (stores, { id, n }) => {
    const claim = { migrationId: MIGRATION, candidateId: id, stepName: n % 4 === 0 ? 'second' : 'first' };
    return stores.runs.claimRetry({
      ...claim,
      ...(n % 2 === 0 ? {} : { attempt: 1 }),
      idempotency: { key: `c${n % 6}`, fingerprint: id },
    });
  },
} satisfies Record<string, Act>;

function view(stores: Stores, op: Operation, time: number) {
  const status = (['in_progress', 'failed', 'awaiting_review', 'open'] as const)[op.n % 4] ?? 'open';
  const step = { status, attempt: 1, updatedAt: at(time) };
  const over = { runAttempt: address(op).runAttempt, inputs: { s: `${op.n}` }, at: at(time) };
  return new Fleet(stores).view(op.id, op.n % 8, step, over);
}

const operation: fc.Arbitrary<Operation> = fc.record({
  name: fc.constantFrom(...(Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[])),
  id: fc.constantFrom(...IDS),
  n: fc.nat(30),
});

/** The plain course of a run, so that random noise meets every status. */
const course: fc.Arbitrary<Operation[]> = fc
  .tuple(fc.constantFrom(...IDS), fc.constantFrom(1, 5), fc.boolean())
  .map(([id, n, cancelled]) => {
    const names = ['submit', 'queue', 'reserve', 'begin', 'project', 'claimRetry'] as const;
    const end = cancelled ? (['cancel', 'complete', 'settleCancel'] as const) : (['complete'] as const);
    return [...names, ...end].map((name) => ({
      name,
      id,
      n: name === 'complete' ? 7 : n * 6 * (name === 'begin' ? 0 : 1),
    }));
  });

const sequence = fc
  .array(fc.oneof({ weight: 3, arbitrary: operation.map((op) => [op]) }, { weight: 1, arbitrary: course }), {
    minLength: 8,
    maxLength: 24,
  })
  .map((parts) => parts.flat());

/** Random sequences of every operation against the memory model; every index is compared after every operation. */
export function describeStoreModel(name: string, make: MakeStores, runs = 30): void {
  describe(`${name} against the memory model`, () => {
    it('answers and holds the same after every operation, and its counts, indexes and lists agree', async () => {
      const seed = Date.now() % 2 ** 31;
      console.info(`model seed of ${name}: ${seed}`);
      const property = fc.asyncProperty(sequence, async (operations) => {
        const model = createMemoryStores();
        const { cleanup, ...stores } = await make();
        try {
          await compareAll(model, stores, operations);
        } finally {
          await cleanup();
        }
      });
      await fc.assert(property, { seed, numRuns: runs, endOnFailure: true });
    }, 120_000);
  });
}

async function compareAll(model: Stores, stores: Stores, operations: Operation[]): Promise<void> {
  const first: Operation[] = [{ name: 'announce', id: 'a', n: 0 }, ...operations];
  for (const [index, op] of first.entries()) {
    const act: Act = OPERATIONS[op.name];
    const wanted = await act(model, op, index + 1);
    const got = await act(stores, op, index + 1);
    expect([op, got]).toEqual([op, wanted]);
    await compare(model, stores);
  }
  const attempts = (from: Stores) => from.reader.cancelledAttempts(MIGRATION, { limit: 100 });
  expect(await attempts(stores)).toEqual(await attempts(model));
  expect(await eventsOf(stores)).toEqual(await eventsOf(model));
}

async function eventsOf(stores: Stores) {
  const options = { limit: 10_000, waitMs: 0, signal: new AbortController().signal };
  const [one, all] = await Promise.all([
    stores.events.read({ migrationId: MIGRATION }, '0-0', options),
    stores.events.read('all', '0-0', options),
  ]);
  const own = one.entries.map(({ event }) => event);
  expect(all.entries.map(({ event }) => event)).toEqual(own);
  return own;
}

async function compare(model: Stores, stores: Stores): Promise<void> {
  for (const sort of ['id', '-updatedAt', 'attention'] as CandidateSort[]) {
    const query = { sort, limit: 100 };
    // Positions are the store's own.
    const wanted = { ...(await model.candidates.list(MIGRATION, query)), streamPosition: '' };
    const got = { ...(await stores.candidates.list(MIGRATION, query)), streamPosition: '' };
    expect(got).toEqual(wanted);
    if (sort === 'id') expect(got.counts).toEqual(recount(got.rows));
  }
  await compareIndexes(model, stores);
  for (const id of IDS) {
    for (const attempt of [1, 2, 3]) {
      const wanted = await model.reader.nonce(MIGRATION, id, attempt);
      expect(await stores.reader.nonce(MIGRATION, id, attempt)).toBe(wanted);
    }
    expect(await stores.reader.manifest(MIGRATION, id)).toEqual(await model.reader.manifest(MIGRATION, id));
  }
  expect(await stores.migrations.list({ limit: 10 })).toEqual(await model.migrations.list({ limit: 10 }));
}

async function compareIndexes(model: Stores, stores: Stores): Promise<void> {
  const [wanted, got] = await Promise.all([model, stores].map(indexesOf));
  expect(got).toEqual(wanted);
}

/** Every index as it answers: lists by each filter, facets, and what reconciliation would find. */
async function indexesOf(stores: Stores) {
  const fleet = new Fleet(stores);
  const { rows } = await fleet.list();
  const hasTeams = rows.some((row) => row.candidate.metadata?.['team'] !== undefined);
  return {
    status: await Promise.all(CANDIDATE_STATUSES.map((status) => fleet.ids({ status: [status] }))),
    kind: await Promise.all(['service', 'library'].map((kind) => fleet.ids({ kind: [kind] }))),
    both: await fleet.ids({ kind: ['service', 'library'], status: ['running', 'queued'] }),
    team: hasTeams ? await fleet.ids({ meta: { team: 't1' } }) : [],
    attention: await Promise.all(
      (['step_failed', 'awaiting_review'] as const).map((kind) => fleet.ids({ attention: [kind] })),
    ),
    facets: await stores.candidates.facets(MIGRATION, hasTeams ? ['kind', 'team'] : ['kind']),
    unstarted: await stores.repair.unstarted(at(9999), 100),
    pending: await stores.repair.pendingCancels(at(9999), 100),
    runs: await stores.reader.runs(MIGRATION, 100),
  };
}

function recount(rows: readonly CandidateRow[]): Counts {
  const counts = noCounts();
  for (const { status, run } of rows) {
    counts[status] += 1;
    counts.total += 1;
    if (run?.attention !== undefined) counts.attention += 1;
  }
  return counts;
}
