import fc from 'fast-check';
import { STEP_FACT_KINDS, SYSTEM, type Candidate } from '@loom/domain';
import type { Stores } from '../stores';
import { at, definition, Fleet, MIGRATION, pause } from './fleet';
import { fact } from './statistics-fleet';

/** One operation; `n` chooses among what is possible (attempts, sequence numbers, values). */
export interface Operation {
  name: keyof typeof OPERATIONS;
  id: string;
  n: number;
}

export type Act = (stores: Stores, op: Operation, time: number) => Promise<unknown>;

/** The candidates that operations are about. */
export const IDS = ['a', 'b', 'c', 'd'];

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

/** All that can be done to stores, each the same to any of them. */
export const OPERATIONS = {
  announce: (stores, { n }, time) => stores.migrations.announce(definition({ name: `n${n % 3}` }), at(time)),
  submit: (stores, { id, n }, time) =>
    stores.candidates.submit(MIGRATION, [variant(id, n), variant('a', n + 1)], at(time), {
      ...SYSTEM,
      discoveryId: `d${n % 3}`,
    }),
  prune: async (stores, { id, n }, time) => {
    const request = { at: at(time), preview: n % 5 === 0, allowEmpty: false, most: 1 + (n % 4) };
    const selection = n % 2 === 0 ? { discoveryId: `d${n % 3}` } : { ids: [id, 'nobody', 'a'] };
    try {
      return await stores.candidates.prune(MIGRATION, { ...request, selection });
    } catch (error) {
      return String(error);
    }
  },
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
  dispatch: (stores, op, time) =>
    stores.ledger.project({ ...view(stores, op, time), dispatches: true, holds: op.n % 5 === 0 }),
  pause: (stores, { n }, time) => pause(stores, scopeOf(n), { at: at(time), by: `by${n}` }),
  resume: (stores, { n }, time) => stores.controls.resume(scopeOf(n), at(time)),
  limit: (stores, { n }, time) =>
    stores.controls.limit(scopeOf(n), n % 2 === 0 ? {} : { maxRunning: 1 + (n % 3) }, at(time)),
  told: async (stores, { n }, time) =>
    stores.held.told(await stores.held.due(at(9999), 1 + (n % 2)), at(time)),
  archive: (stores, { n }, time) =>
    stores.migrations.archive(MIGRATION, at(time), { actor: { id: `by${n}`, role: 'admin' } }),
  unarchive: (stores, _op, time) => stores.migrations.unarchive(MIGRATION, at(time)),
  lost: (stores, { n }, time) => stores.reach.lost('mover', `why${n % 3}`, at(time)),
  found: (stores) => stores.reach.found('mover'),
  complete: (stores, op, time) => stores.ledger.complete(view(stores, op, time)),
  cancel: (stores, { id, n }, time) => {
    const actor = { id: `by${n}`, role: 'operator' as const };
    const by = n % 2 === 0 ? { actor } : { actor, reason: `why${n}` };
    return stores.runs.cancel({ migrationId: MIGRATION, candidateId: id, at: at(time), by });
  },
  reset: (stores, { id, n }, time) => {
    const by = { actor: { id: `by${n}`, role: 'admin' as const }, reason: `why${n}` };
    return stores.runs.reset({ migrationId: MIGRATION, candidateId: id, at: at(time), by });
  },
  settleCancel: (stores, op, time) => {
    const { steps, facts = [] } = view(stores, op, time);
    return stores.ledger.settleCancel({
      ...address(op),
      steps,
      facts,
      at: at(time),
      fallback: { by: 'f', reason: 'f' },
    });
  },
  mergeQueuedInputs: (stores, { id, n }, time) =>
    stores.runs.mergeQueuedInputs(MIGRATION, id, { [`i${n % 3}`]: `${n}` }, at(time)),
  heard: (stores, op, time) =>
    stores.runs.heard({ ...address(op), stepIndex: op.n % 5 === 0 ? 1 : 0, attempt: 1 }, at(time)),
  markStale: (stores, { n }, time) => {
    const silent = n % 2 === 0 ? { in_progress: at(n), open: at(time) } : { open: at(2 * n) };
    return stores.attention.markStale(silent, at(time));
  },
  claimRetry: (stores, { id, n }) => {
    const claim = { migrationId: MIGRATION, candidateId: id, stepName: n % 4 === 0 ? 'second' : 'first' };
    return stores.runs.claimRetry({
      ...claim,
      ...(n % 2 === 0 ? {} : { attempt: 1 }),
      idempotency: { key: `c${n % 6}`, fingerprint: id },
    });
  },
} satisfies Record<string, Act>;

const scopeOf = (n: number) => (n % 3 === 0 ? 'all' : { migrationId: MIGRATION });

function view(stores: Stores, op: Operation, time: number) {
  const status = (['in_progress', 'failed', 'awaiting_review', 'open'] as const)[op.n % 4] ?? 'open';
  const heard = op.n % 3 === 0 ? {} : { lastHeardAt: at(time) };
  const step = { status, attempt: 1, updatedAt: at(time), ...heard };
  const facts = STEP_FACT_KINDS.map((kind, i) => fact(op.n % (6 + i), kind, `s${op.n % 3}`, { ms: op.n }));
  const over = { runAttempt: address(op).runAttempt, inputs: { s: `${op.n}` }, at: at(time), facts };
  return new Fleet(stores).view(op.id, op.n % 8, step, over);
}

const operation: fc.Arbitrary<Operation> = fc.record({
  name: fc.constantFrom(...(Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[])),
  id: fc.constantFrom(...IDS),
  n: fc.nat(30),
});

const ENDS = [['complete'], ['complete', 'reset'], ['cancel', 'complete', 'settleCancel']] as const;

/** The plain course of a run, so that random noise meets every status. */
const course: fc.Arbitrary<Operation[]> = fc
  .tuple(fc.constantFrom(...IDS), fc.constantFrom(1, 5), fc.constantFrom(...ENDS))
  .map(([id, n, end]) => {
    const names = ['submit', 'queue', 'reserve', 'begin', 'project', 'claimRetry'] as const;
    return [...names, ...end].map((name) => ({
      name,
      id,
      n: name === 'complete' ? 7 : n * 6 * (name === 'begin' ? 0 : 1),
    }));
  });

/** Random operations with plain courses of runs among them. */
export const sequence = fc
  .array(fc.oneof({ weight: 3, arbitrary: operation.map((op) => [op]) }, { weight: 1, arbitrary: course }), {
    minLength: 8,
    maxLength: 24,
  })
  .map((parts) => parts.flat());
