import {
  auditedInputChange,
  auditedInputs,
  DependencyUnavailableError,
  plannedSteps,
  type AuditContext,
  type RunManifest,
  type RunRecord,
} from '@loom/domain';
import {
  NO_VERSION,
  type Idempotency,
  type Refusal,
  type Repeated,
  type ReservationDraft,
  type RunStore,
} from '@loom/ports';
import { authorArg, type AuthorDetail } from './audit-codec';
import { readTexts } from './candidate-rows';
import type { Mutator } from './deriver';
import { decodeRun, encodeView, sha1 } from './records';
import type { RunPlaces } from './run-places';
import { numberAt, optionalText, textAt, type Reply, type ScriptRunner } from './script-runner';

export interface RunStoreDeps {
  runner: ScriptRunner;
  mutator: Mutator;
  places: RunPlaces;
}

/** Merges of one candidate's inputs are made from what was read; so often it is read again. */
const MOST_MERGES = 50;

interface Address {
  migrationId: string;
  candidateId: string;
}

/** What the API writes of runs: one script a method. */
export function createRedisRunStore({ runner, mutator, places }: RunStoreDeps): RunStore {
  return {
    async queue({ at, inputs, idempotency, by, ...address }) {
      const args = [address.candidateId, encodeView({ inputs, steps: [] }), ...keyArgs(idempotency)];
      const outcome = await mutator.mutate(
        'queue',
        address.migrationId,
        at,
        args,
        authorArg(by, given(inputs)),
      );
      return outcome[0] === 'queued' ? { outcome: 'queued' } : repeatedOrRefused(address, outcome);
    },

    async dequeue(migrationId, candidateId, at, by) {
      const outcome = await mutator.mutate('dequeue', migrationId, at, [candidateId], authorArg(by));
      return outcome[0] === 'dequeued'
        ? { outcome: 'dequeued' }
        : refusal({ migrationId, candidateId }, outcome);
    },

    async reserve(draft) {
      const { migrationId, candidate, nonce } = draft.manifest;
      // Nothing is reserved without a version, so it needs no place.
      const place = draft.candidateVersion === NO_VERSION ? {} : await places.take(migrationId, nonce);
      const { lease } = place === 'full' ? {} : place;
      const args = reserveArgs(draft, place === 'full');
      const author = authorArg(draft.by, given(draft.manifest.inputs));
      const { reservedAt } = draft.manifest;
      const outcome = await mutator.mutate('reserve', migrationId, reservedAt, args, author, lease);
      if (outcome[0] === 'reserved')
        return { outcome: 'reserved', manifest: { ...draft.manifest, runAttempt: numberAt(outcome, 1) } };
      // Where the answer was lost the lease stays: the reservation may have been made.
      if (lease !== undefined) await places.giveBack(lease);
      return repeatedOrRefused({ migrationId, candidateId: candidate.id }, outcome);
    },

    async giveBack({ migrationId, candidate, runAttempt }, at, by) {
      const args = [candidate.id, runAttempt];
      const outcome = await mutator.mutate('give-back', migrationId, at, args, authorArg(by));
      return outcome[0] === 'given_back';
    },

    async cancel({ at, by, ...address }) {
      const why = by.reason === undefined ? [0, ''] : [1, by.reason];
      const args = [address.candidateId, by.actor.id, ...why];
      const outcome = await mutator.mutate('cancel', address.migrationId, at, args, authorArg(by));
      if (outcome[0] === 'ended_queued') return { outcome: 'ended_queued' };
      const run = outcome[0] === 'recorded' ? runIn(address, outcome) : undefined;
      return run === undefined ? refusal(address, outcome) : { outcome: 'recorded', run };
    },

    async reset({ migrationId, candidateId, at, by }) {
      const outcome = await mutator.mutate('reset', migrationId, at, [candidateId], authorArg(by));
      return outcome[0] === 'reset' ? { outcome: 'reset' } : refusal({ migrationId, candidateId }, outcome);
    },

    mergeQueuedInputs: (migrationId, candidateId, inputs, at, by) =>
      mergeInputs({ runner, mutator }, { migrationId, candidateId }, inputs, { at, by }),

    async claimRetry({ stepName, attempt, idempotency, ...address }) {
      const args = ['', '', '', address.candidateId, stepName, attempt ?? '', ...keyArgs(idempotency)];
      const [outcome] = await runner.onMigration('claim-retry', address.migrationId, args);
      const reply = Array.isArray(outcome) ? outcome : [];
      return reply[0] === 'claimed'
        ? { outcome: 'claimed', attempt: numberAt(reply, 1), runAttempt: numberAt(reply, 2) }
        : repeatedOrRefused(address, reply);
    },

    async heard({ migrationId, candidateId, runAttempt, stepIndex, attempt }, at) {
      await mutator.mutate('hear', migrationId, at, [candidateId, runAttempt, stepIndex, attempt]);
    },
  };
}

/** Numbers of the steps that have a deadline, each between commas; '' when none has. */
export function deadlinesOf({ steps }: Pick<RunManifest, 'steps'>): string {
  const numbers = steps.flatMap(({ timeoutSeconds }, index) => (timeoutSeconds === undefined ? [] : [index]));
  return numbers.length === 0 ? '' : `,${numbers.join(',')},`;
}

/** The merge is made here, since a script cannot decode JSON without harming it; it is written only over what was read. */
async function mergeInputs(
  { runner, mutator }: Pick<RunStoreDeps, 'runner' | 'mutator'>,
  address: Address,
  inputs: Record<string, string>,
  { at, by }: { at: string; by: AuditContext | undefined },
): Promise<{ outcome: 'merged' } | Refusal> {
  const { migrationId, candidateId } = address;
  for (let tries = 0; tries < MOST_MERGES; tries += 1) {
    const texts = await readTexts(runner, migrationId, candidateId);
    if (texts === undefined) return { outcome: 'refused', because: 'unknown' };
    const run = decodeRun(migrationId, candidateId, texts.head, texts.view);
    if (run?.status !== 'queued') return refusedBy(run);
    const merged = encodeView({ inputs: { ...run.inputs, ...inputs }, steps: [] });
    const args = [candidateId, texts.view ?? '', merged];
    const author = authorArg(by, auditedInputChange(run.inputs, inputs));
    const outcome = await mutator.mutate('merge-queued-inputs', migrationId, at, args, author);
    if (outcome[0] === 'merged') return { outcome: 'merged' };
    if (outcome[0] !== 'changed') return refusal(address, outcome);
  }
  throw new DependencyUnavailableError('store', 'the inputs change faster than they can be merged', true);
}

/** Inputs that a run was given, for its audit entry. */
function given(inputs: Record<string, string>): AuthorDetail {
  return Object.keys(inputs).length === 0 ? {} : { after: { inputs: auditedInputs(inputs) } };
}

function reserveArgs(draft: ReservationDraft, isFull: boolean): (string | number)[] {
  const { manifest, definitionRevision, candidateVersion, from, firstAttempt, idempotency, isPaused } = draft;
  const view = encodeView({ inputs: manifest.inputs, steps: plannedSteps(manifest) });
  return [
    manifest.candidate.id,
    ...[definitionRevision, candidateVersion, from, manifest.nonce],
    ...[JSON.stringify(manifest), view, ...keyArgs(idempotency)],
    ...[firstAttempt ?? '', deadlinesOf(manifest), isPaused === true ? 1 : 0, isFull ? 1 : 0],
  ];
}

/** Key (as a digest: callers choose its length) and fingerprint; two empty texts for none. */
function keyArgs(idempotency: Idempotency | undefined): [string, string] {
  return idempotency === undefined ? ['', ''] : [sha1(idempotency.key), idempotency.fingerprint];
}

function repeatedOrRefused(address: Address, outcome: Reply[]): Repeated | Refusal {
  if (outcome[0] === 'repeated')
    return { outcome: 'repeated', attempt: numberAt(outcome, 1), runAttempt: numberAt(outcome, 2) };
  return refusal(address, outcome);
}

function refusal(address: Address, outcome: Reply[]): Refusal {
  const because = textAt(outcome, 0);
  switch (because) {
    case 'status':
      return refusedBy(runIn(address, outcome));
    case 'unknown':
    case 'changed':
    case 'undetermined':
    case 'attempt_unknown':
    case 'attempt_known':
    case 'archived':
    case 'paused':
    case 'run_limit':
    case 'idempotency_mismatch':
      return { outcome: 'refused', because };
    default:
      throw new Error(`redis: a script answered ${because}`);
  }
}

function refusedBy(run: RunRecord | undefined): Refusal {
  const refused = { outcome: 'refused', because: 'status' } as const;
  return run === undefined ? refused : { ...refused, run };
}

function runIn({ migrationId, candidateId }: Address, outcome: Reply[]): RunRecord | undefined {
  return decodeRun(migrationId, candidateId, optionalText(outcome, 1), optionalText(outcome, 2));
}
