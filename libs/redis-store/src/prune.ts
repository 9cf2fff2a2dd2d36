import { LIMITS, MigrationNotFoundError, type AuditContext, type PruneResult } from '@loom/domain';
import { emptyDiscovery, unknownDiscovery, type PruneRequest } from '@loom/ports';
import { authorArg } from './audit-codec';
import type { Mutator } from './deriver';
import { numberAt, textsAt, type Reply } from './script-runner';

/** Candidates of one script call: each is taken out of a dozen indexes. */
const SLICE = 25;

type Prune = Omit<PruneRequest, 'selection'> & { migrationId: string; by: AuditContext | undefined };

function nothing(): PruneResult {
  return {
    removed: 0,
    remaining: 0,
    kept: { queued: 0, running: 0, completed: 0 },
    unknown: 0,
    examples: [],
  };
}

/** Removes what a discovery did not submit, a slice at a time, until none is left or `most` are removed. */
export async function pruneDiscovery(
  mutator: Mutator,
  prune: Prune,
  discoveryId: string,
): Promise<PruneResult> {
  const { migrationId, at, preview, allowEmpty, most, by } = prune;
  const author = authorArg(by, { after: { discoveryId } });
  const result = nothing();
  for (;;) {
    const wanted = preview ? 0 : Math.min(SLICE, most - result.removed);
    const args = [discoveryId, allowEmpty ? 1 : 0, wanted, LIMITS.pruneExamples];
    const outcome = await mutator.mutate('prune-discovery', migrationId, at, args, author);
    refuse(outcome, migrationId);
    const ids = textsAt(outcome, 1);
    tell(result, ids);
    result.remaining = numberAt(outcome, 2);
    result.kept = keptIn(outcome, 3);
    if (preview) return result;
    result.removed += ids.length;
    if (ids.length === 0 || result.remaining === 0 || result.removed >= most) return result;
  }
}

/** Removes those of the named ones that are not_started. */
export async function pruneIds(mutator: Mutator, prune: Prune, ids: readonly string[]): Promise<PruneResult> {
  const { migrationId, at, preview, most, by } = prune;
  const result = nothing();
  const distinct = [...new Set(ids)];
  const taken = distinct.slice(0, most);
  // An empty list still is of a migration that must exist.
  for (let start = 0; start < Math.max(taken.length, 1); start += SLICE) {
    const args = [preview ? 1 : 0, ...taken.slice(start, start + SLICE)];
    const outcome = await mutator.mutate('prune-ids', migrationId, at, args, authorArg(by));
    refuse(outcome, migrationId);
    const found = textsAt(outcome, 1);
    tell(result, found);
    result[preview ? 'remaining' : 'removed'] += found.length;
    const kept = keptIn(outcome, 2);
    result.kept.queued += kept.queued;
    result.kept.running += kept.running;
    result.kept.completed += kept.completed;
    result.unknown += numberAt(outcome, 5);
  }
  result.remaining += distinct.length - taken.length;
  return result;
}

function tell(result: PruneResult, ids: string[]): void {
  result.examples.push(...ids.slice(0, LIMITS.pruneExamples - result.examples.length));
}

function keptIn(outcome: Reply[], index: number): PruneResult['kept'] {
  return {
    queued: numberAt(outcome, index),
    running: numberAt(outcome, index + 1),
    completed: numberAt(outcome, index + 2),
  };
}

function refuse(outcome: Reply[], migrationId: string): void {
  if (outcome[0] === 'unknown') throw new MigrationNotFoundError(migrationId);
  if (outcome[0] === 'no_discovery') throw unknownDiscovery(textsAt(outcome, 1));
  if (outcome[0] === 'found_nothing') throw emptyDiscovery();
}
