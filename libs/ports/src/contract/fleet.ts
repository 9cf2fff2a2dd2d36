import {
  attentionOf,
  plannedSteps,
  runId,
  stepsFor,
  type AuditContext,
  type Candidate,
  type CandidateRow,
  type MigrationDefinition,
  type Pause,
  type RunManifest,
  type StepState,
  type SubmitResult,
} from '@loom/domain';
import type { CandidatePage, CandidateQuery } from '../candidate-store';
import type { ControlScope } from '../control-store';
import type { RunProjection } from '../run-ledger';
import type { QueueRequest, ReservationDraft } from '../run-store';
import type { Stores } from '../stores';

export const MIGRATION = 'move';

/** A time, `seconds` after the beginning of all tests. */
export function at(seconds: number): string {
  return new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
}

/** A definition of two steps. */
export function definition(over: Partial<MigrationDefinition> = {}): MigrationDefinition {
  return {
    id: MIGRATION,
    name: 'Move',
    description: 'Moves things.',
    migratorApp: 'mover',
    migratorUrl: 'http://mover.test',
    steps: [
      { name: 'first', migratorApp: 'mover' },
      { name: 'second', migratorApp: 'mover', type: 'manual-review', description: 'Look at it' },
    ],
    ...over,
  };
}

type DraftOver = Partial<Omit<ReservationDraft, 'manifest'>> & {
  inputs?: Record<string, string>;
  nonce?: string;
  reservedAt?: string;
};

/** Everything that tests do to stores, with as little to say as possible. `id` is a candidate's. */
export class Fleet {
  constructor(
    private readonly stores: Stores,
    readonly migrationId = MIGRATION,
  ) {}

  /** Announces the migration and submits candidates with these ids. */
  async with(...ids: string[]): Promise<this> {
    await this.stores.migrations.announce(definition({ id: this.migrationId }), at(0));
    await this.submit(...ids);
    return this;
  }

  submit(...candidates: (string | Candidate)[]): Promise<SubmitResult> {
    const list = candidates.map((entry) => (typeof entry === 'string' ? { id: entry } : entry));
    return this.stores.candidates.submit(this.migrationId, list, at(1));
  }

  queue(id: string, over: Partial<QueueRequest> = {}) {
    const { migrationId } = this;
    return this.stores.runs.queue({ migrationId, candidateId: id, inputs: {}, at: at(2), ...over });
  }

  dequeue(id: string) {
    return this.stores.runs.dequeue(this.migrationId, id, at(3));
  }

  /** What a start reads before it reserves. */
  async draft(id: string, over: DraftOver = {}): Promise<ReservationDraft> {
    const { inputs, nonce = `nonce-${id}`, reservedAt = at(4), ...rest } = over;
    const migration = await this.stores.migrations.get(this.migrationId);
    const snapshot = await this.stores.reader.snapshot(this.migrationId, id);
    const row = await this.stores.candidates.get(this.migrationId, id);
    if (migration === undefined || snapshot === undefined || row === undefined) throw new Error(`no ${id}`);
    return {
      manifest: {
        runId: runId(this.migrationId, id),
        migrationId: this.migrationId,
        candidate: row.candidate,
        steps: stepsFor(migration, row.candidate),
        inputs: inputs ?? row.run?.inputs ?? {},
        nonce,
        reservedAt,
      },
      definitionRevision: migration.revision,
      candidateVersion: snapshot.version,
      from: 'not_started_or_queued',
      ...rest,
    };
  }

  async reserve(id: string, over: DraftOver = {}): Promise<RunManifest> {
    const result = await this.stores.runs.reserve(await this.draft(id, over));
    if (result.outcome !== 'reserved') throw new Error(`not reserved: ${JSON.stringify(result)}`);
    return result.manifest;
  }

  begin(id: string, runAttempt = 1, executionId = `execution-${id}-${runAttempt}`) {
    return this.stores.ledger.begin({ ...this.address(id, runAttempt), executionId, at: at(5) });
  }

  /** Reserves and begins. */
  async run(id: string, over: DraftOver = {}): Promise<RunManifest> {
    const manifest = await this.reserve(id, over);
    await this.begin(id, manifest.runAttempt);
    return manifest;
  }

  /** A view in which the first step has `step`. */
  view(
    id: string,
    seq: number,
    step: Partial<StepState> = {},
    over: Partial<RunProjection> = {},
  ): RunProjection {
    const [first, ...others] = plannedSteps({ steps: definition().steps });
    const begun = { startedAt: at(6), updatedAt: at(6 + seq) };
    const changed = {
      stepName: 'first',
      ...first,
      status: 'in_progress',
      attempt: 1,
      ...begun,
      ...step,
    } as StepState;
    const attention = attentionOf(changed);
    return {
      ...this.address(id, 1),
      seq,
      steps: [changed, ...others],
      currentStep: 0,
      inputs: {},
      ...(attention === undefined ? {} : { attention }),
      at: at(6 + seq),
      ...over,
    };
  }

  project(id: string, seq: number, step: Partial<StepState> = {}, over: Partial<RunProjection> = {}) {
    return this.stores.ledger.project(this.view(id, seq, step, over));
  }

  complete(id: string, seq: number, runAttempt = 1) {
    return this.stores.ledger.complete(this.view(id, seq, { status: 'completed' }, { runAttempt }));
  }

  cancel(
    id: string,
    { at: time = at(100), by = 'ann', reason }: { at?: string; by?: string; reason?: string } = {},
  ) {
    const { migrationId } = this;
    const author: AuditContext = {
      actor: { id: by, role: 'operator' },
      ...(reason === undefined ? {} : { reason }),
    };
    return this.stores.runs.cancel({ migrationId, candidateId: id, at: time, by: author });
  }

  settle(id: string, runAttempt = 1, steps: StepState[] = []) {
    const fallback = { by: 'temporal', reason: 'outside' };
    return this.stores.ledger.settleCancel({ ...this.address(id, runAttempt), steps, at: at(101), fallback });
  }

  /** Starts, cancels and settles: one more attempt number is used. */
  async runAndCancel(id: string, over: DraftOver = {}): Promise<RunManifest> {
    const manifest = await this.run(id, over);
    await this.cancel(id);
    await this.settle(id, manifest.runAttempt);
    return manifest;
  }

  async row(id: string): Promise<CandidateRow> {
    const row = await this.stores.candidates.get(this.migrationId, id);
    if (row === undefined) throw new Error(`no candidate ${id}`);
    return row;
  }

  list(query: Partial<CandidateQuery> = {}): Promise<CandidatePage> {
    return this.stores.candidates.list(this.migrationId, { limit: 100, sort: 'id', ...query });
  }

  /** Ids of all pages, read one by one. */
  async ids(query: Partial<CandidateQuery> = {}): Promise<string[]> {
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.list({ ...query, ...(cursor === undefined ? {} : { cursor }) });
      ids.push(...page.rows.map(({ candidate }) => candidate.id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return ids;
  }

  address(id: string, runAttempt: number) {
    return { migrationId: this.migrationId, candidateId: id, runAttempt };
  }
}

/** The rejection of `promise`; fails when there is none. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('expected a rejection');
}

/** Pauses as `pause` says. */
export function pause(stores: Stores, scope: ControlScope, { at: since, by, reason }: Pause): Promise<void> {
  const actor = { id: by, role: 'operator' } as const;
  return stores.controls.pause(scope, since, { actor, ...(reason === undefined ? {} : { reason }) });
}
