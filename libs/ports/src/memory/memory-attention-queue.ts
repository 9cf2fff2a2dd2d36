import {
  ATTENTION_KINDS,
  noAttention,
  staleAttention,
  waitsAs,
  type RunRecord,
  type SilentStatus,
} from '@loom/domain';
import type {
  AttentionItem,
  AttentionPage,
  AttentionQueue,
  AttentionRequest,
  SilentSince,
} from '../attention-queue';
import { attentionScope } from '../attention-scope';
import { decodeCursor, encodeCursor } from '../cursor';
import { rowOf, type MemoryState, type StoredRun } from './memory-state';

type Key = [number, string, string];

/** What waits for a person, in the memory of one process. */
export class MemoryAttentionQueue implements AttentionQueue {
  constructor(private readonly state: MemoryState) {}

  async list(request: AttentionRequest): Promise<AttentionPage> {
    await Promise.resolve();
    const { limit, cursor, kinds = ATTENTION_KINDS } = request;
    const scope = attentionScope(request);
    const after = decodeCursor(scope, cursor) as Key | undefined;
    const counts = { attention: 0, attentionByKind: noAttention() };
    const waiting: { item: AttentionItem; key: Key }[] = [];
    for (const [migrationId, { candidates }] of this.state.migrations) {
      for (const stored of candidates.values()) {
        const attention = stored.run?.attention;
        if (attention === undefined) continue;
        counts.attention += 1;
        counts.attentionByKind[attention.kind] += 1;
        const key: Key = [Date.parse(attention.since), migrationId, stored.candidate.id];
        const isWanted = kinds.includes(attention.kind) && (after === undefined || compare(key, after) > 0);
        if (isWanted) waiting.push({ item: { migrationId, row: rowOf(stored) }, key });
      }
    }
    const shown = waiting.sort((a, b) => compare(a.key, b.key)).slice(0, limit);
    const last = shown.at(-1);
    return {
      rows: shown.map(({ item }) => item),
      ...(waiting.length > limit && last !== undefined ? { nextCursor: encodeCursor(scope, last.key) } : {}),
      counts,
    };
  }

  async markStale(silent: SilentSince, at: string): Promise<number> {
    await Promise.resolve();
    let marked = 0;
    for (const migration of this.state.migrations.values()) {
      for (const status of Object.keys(silent) as SilentStatus[]) {
        const due = [...migration.candidates.values()].flatMap((stored) => dueOf(stored, status, silent));
        due.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
        for (const { stored, run, step, since } of due)
          this.state.write(migration, stored, { ...run, attention: staleAttention(step, since) }, at);
        marked += due.length;
      }
    }
    return marked;
  }
}

const keyOf = ({ since, run }: { since: string; run: RunRecord }) => `${since} ${run.candidateId}`;

/** What is to be marked, with since when nothing was heard of it; else nothing. */
function dueOf(stored: StoredRun, status: SilentStatus, silent: SilentSince) {
  const { run, manifest } = stored;
  if (run === undefined || waitsAs(run) !== status || run.attention !== undefined) return [];
  if (manifest?.steps[run.currentStep]?.timeoutSeconds !== undefined) return [];
  const [step, since, before] = [run.steps[run.currentStep], run.lastSignAt, silent[status]];
  if (step === undefined || since === undefined || before === undefined || since >= before) return [];
  return [{ stored, run, step, since }];
}

function compare(a: Key, b: Key): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? left;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
