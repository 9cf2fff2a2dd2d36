import { CANDIDATE_STATUSES, noCounts, type CandidateRow, type Counts } from '@loom/domain';
import type { CandidateSort } from '../candidate-store';
import type { Stores } from '../stores';
import { at, Fleet, MIGRATION } from './fleet';
import { IDS } from './model-operations';

/** The events of the migration, which are also those of all migrations. */
export async function eventsOf(stores: Stores) {
  const options = { limit: 10_000, waitMs: 0, signal: new AbortController().signal };
  const [one, all] = await Promise.all([
    stores.events.read({ migrationId: MIGRATION }, '0-0', options),
    stores.events.read('all', '0-0', options),
  ]);
  const own = one.entries.map(({ event }) => event);
  expect(all.entries.map(({ event }) => event)).toEqual(own);
  return own;
}

/** The audit of the migration without ids and times, which are the store's own; that of all migrations has the same. */
export async function auditOf(stores: Stores) {
  const [one, all] = await Promise.all([
    stores.audit.list({ migrationId: MIGRATION, limit: 1000 }),
    stores.audit.list({ limit: 1000 }),
  ]);
  const ofMigrations = all.rows.filter(({ migrationId }) => migrationId !== undefined);
  expect(ofMigrations).toEqual(one.rows);
  return one.rows.map((entry) => ({ ...entry, id: '', at: '' }));
}

/** Expects both to hold the same, in every index and list. */
export async function compare(model: Stores, stores: Stores): Promise<void> {
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
    const attempts = (from: Stores) => from.reader.attempts(MIGRATION, id, { limit: 100 });
    expect(await attempts(stores)).toEqual(await attempts(model));
    for (const attempt of [1, 2, 3]) {
      const wanted = await model.reader.nonce(MIGRATION, id, attempt);
      expect(await stores.reader.nonce(MIGRATION, id, attempt)).toBe(wanted);
    }
    expect(await stores.reader.manifest(MIGRATION, id)).toEqual(await model.reader.manifest(MIGRATION, id));
  }
  for (const archived of [false, true]) {
    const query = { limit: 10, archived };
    expect(await stores.migrations.list(query)).toEqual(await model.migrations.list(query));
  }
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
      (['step_failed', 'awaiting_review', 'stale'] as const).map((kind) => fleet.ids({ attention: [kind] })),
    ),
    facets: await stores.candidates.facets(MIGRATION, hasTeams ? ['kind', 'team'] : ['kind']),
    unstarted: await stores.repair.unstarted(at(9999), 100),
    pending: await stores.repair.pendingCancels(at(9999), 100),
    held: await stores.held.due(at(9999), 100),
    controls: await stores.controls.read(),
    runs: await stores.reader.runs(MIGRATION, 100),
    waiting: await stores.attention.list({ limit: 100 }),
    ofKinds: await stores.attention.list({ limit: 100, kinds: ['stale', 'awaiting_review'] }),
    // A page is full as long as there are rows: one that is short gives away an entry that was kept.
    firstOfKind: await Promise.all(
      (['step_failed', 'awaiting_review', 'stale'] as const).map(
        async (kind) => (await stores.attention.list({ limit: 1, kinds: [kind] })).rows,
      ),
    ),
  };
}

function recount(rows: readonly CandidateRow[]): Counts {
  const counts = noCounts();
  for (const { status, run } of rows) {
    counts[status] += 1;
    counts.total += 1;
    if (run?.attention === undefined) continue;
    counts.attention += 1;
    counts.attentionByKind[run.attention.kind] += 1;
  }
  return counts;
}

/** All that is counted of the migration and of all migrations. */
export async function statisticsOf({ statistics }: Stores) {
  const scope = { migrationId: MIGRATION };
  const span = { until: at(0), days: 2 };
  return {
    totals: await statistics.totals(),
    all: await statistics.activity('all', span),
    one: await statistics.activity(scope, span),
    burndown: await statistics.burndown(MIGRATION, span),
    durations: await statistics.durations(MIGRATION),
    failures: await statistics.failures(scope, { limit: 100 }),
    allFailures: await statistics.failures('all', { limit: 100 }),
  };
}
