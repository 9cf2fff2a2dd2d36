import { randomUUID } from 'node:crypto';
import { MigrationNotFoundError, type Candidate, type SubmitResult } from '@loom/domain';
import {
  inOrder,
  storedCandidate,
  toldValues,
  type CandidateStore,
  type Facet,
  type SubmitAuthor,
} from '@loom/ports';
import { authorArg, type AuthorDetail } from './audit-codec';
import { readPage, refuse } from './candidate-page';
import { readTexts } from './candidate-rows';
import type { Mutator } from './deriver';
import { pruneDiscovery, pruneIds } from './prune';
import { decodeRow } from './records';
import { numberAt, textAt, textsAt, type Reply, type ScriptRunner } from './script-runner';

/** Candidates of one script call: more would block Redis for longer than 15 ms. */
const SLICE = 25;
/** Slices of which one tells the counts, so that a large submit leaves the streams to what happens to runs. */
const TELLING = 40;
/** Slices under way: Redis works on one while the next is made. One connection keeps their order. */
const AT_ONCE = 3;

export interface CandidateStoreDeps {
  runner: ScriptRunner;
  mutator: Mutator;
}

/** What one script takes of a submit. */
interface Slice {
  candidates: readonly Candidate[];
  /** Whether counts are told that have moved up to here. */
  tells: boolean;
  part: AuthorDetail['part'];
}

/** Candidates in Redis, behind ordinals: see the README for keys. */
export function createRedisCandidateStore({ runner, mutator }: CandidateStoreDeps): CandidateStore {
  async function submitSlice(
    migrationId: string,
    { candidates, tells, part }: Slice,
    at: string,
    by: SubmitAuthor | undefined,
  ): Promise<Reply[]> {
    const args = [
      by?.discoveryId ?? '',
      tells ? 1 : 0,
      ...candidates.map(storedCandidate).flatMap(encodeCandidate),
    ];
    const outcome = await mutator.mutate('submit', migrationId, at, args, submitAuthor(by, part));
    if (outcome[0] === 'unknown') throw new MigrationNotFoundError(migrationId);
    return outcome;
  }

  return {
    async submit(migrationId, given, at, by) {
      const candidates = inOrder(given);
      const result: SubmitResult = { added: 0, updated: 0, unchanged: 0, preserved: 0 };
      const underWay: Promise<void>[] = [];
      const take = async (slice: Slice) => {
        const outcome = await submitSlice(migrationId, slice, at, by);
        result.added += numberAt(outcome, 1);
        result.updated += numberAt(outcome, 2);
        result.unchanged += numberAt(outcome, 3);
        result.preserved += numberAt(outcome, 4);
      };
      try {
        const key = candidates.length > SLICE ? randomUUID() : undefined;
        let start = 0;
        for (; start + SLICE < candidates.length; start += SLICE) {
          if (underWay.length === AT_ONCE) await underWay.shift();
          const part = { k: key ?? '', of: candidates.length };
          const tells = (start / SLICE) % TELLING === TELLING - 1;
          const slice = { candidates: candidates.slice(start, start + SLICE), tells, part };
          underWay.push(watched(take(slice)));
        }
        await Promise.all(underWay);
        // The last one knows the sums, which the audit tells. An empty list still is of a migration that must exist.
        const s = [result.added, result.updated, result.unchanged, result.preserved];
        const part = key === undefined ? { s } : { s, k: key };
        await take({ candidates: candidates.slice(start), tells: true, part });
      } finally {
        // Whoever is told of a failure may rely on nothing being written after it.
        await Promise.allSettled(underWay);
      }
      return result;
    },

    prune(migrationId, { selection, ...request }, by) {
      const prune = { ...request, migrationId, by };
      return 'ids' in selection
        ? pruneIds(mutator, prune, selection.ids)
        : pruneDiscovery(mutator, prune, selection.discoveryId);
    },

    async get(migrationId, candidateId) {
      const texts = await readTexts(runner, migrationId, candidateId);
      return texts === undefined ? undefined : decodeRow(migrationId, texts);
    },

    list: (migrationId, query) => readPage(runner, migrationId, query),

    async facets(migrationId, keys) {
      const names = keys.map((key) => (key === 'kind' ? 'k' : `meta:${key}`));
      const reply = await runner.onMigration('read-facets', migrationId, names);
      refuse(reply, migrationId, () => 'keys');
      const facets: Facet[] = [];
      for (let index = 1; index < reply.length; index += 3) {
        const name = textAt(reply, index);
        const key = name === 'k' ? 'kind' : name.slice('meta:'.length);
        facets.push(facetOf(key, numberAt(reply, index + 1), textsAt(reply, index + 2)));
      }
      return facets;
    },
  };
}

/** Its id, its JSON, and how many bytes of that hold what indexes are made of, without a brace that closes them. */
function encodeCandidate({ id, kind, metadata, ...rest }: Candidate): (string | number)[] {
  const indexed = JSON.stringify({ id, kind, metadata }).slice(0, -1);
  const others = JSON.stringify(rest).slice(1);
  const json = others === '}' ? `${indexed}}` : `${indexed},${others}`;
  return [id, json, Buffer.byteLength(indexed)];
}

/** The author of one slice. */
function submitAuthor(by: SubmitAuthor | undefined, part: AuthorDetail['part']): string {
  const discoveryId = by?.discoveryId;
  const found = discoveryId === undefined ? {} : { after: { discoveryId } };
  return authorArg(by, part === undefined ? found : { ...found, part });
}

/** The same promise; its rejection may wait until its turn without counting as one that nobody handles. */
function watched<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function facetOf(key: string, overflown: number, flat: string[]): Facet {
  const values: { value: string; count: number }[] = [];
  for (let index = 0; index < flat.length; index += 2) {
    values.push({ value: flat[index] ?? '', count: Number(flat[index + 1]) });
  }
  const told = toldValues(values);
  return { key, values: told.values, truncated: told.truncated || overflown === 1 };
}
