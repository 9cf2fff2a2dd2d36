import {
  MigrationNotFoundError,
  runId,
  type CancelledAttempt,
  type RunManifest,
  type StepState,
} from '@loom/domain';
import { decodeCursor, encodeCursor, type CursorScope, type RunReader } from '@loom/ports';
import { memberOf, readRows, readTexts } from './candidate-rows';
import { attemptOf, decodeRun, versionOf } from './records';
import { numberAt, optionalText, textsAt, type Reply, type ScriptRunner } from './script-runner';

/** Reads of runs by key. */
export function createRedisRunReader({ runner }: { runner: ScriptRunner }): RunReader {
  return {
    async snapshot(migrationId, candidateId) {
      const texts = await readTexts(runner, migrationId, candidateId);
      if (texts === undefined) return undefined;
      const run = decodeRun(migrationId, candidateId, texts.head, texts.view);
      const version = versionOf(texts);
      return run === undefined ? { version } : { version, run };
    },

    async nonce(migrationId, candidateId, runAttempt) {
      const reply = await runner.onMigration('read-nonce', migrationId, [candidateId, runAttempt]);
      return optionalText(reply, 0);
    },

    async manifest(migrationId, candidateId) {
      return manifestsIn(await runner.onMigration('read-manifests', migrationId, [candidateId]))[0];
    },

    async runs(migrationId, limit) {
      const reply = await runner.onMigration('read-started', migrationId, [limit]);
      const members = [...textsAt(reply, 0), ...textsAt(reply, 1)].map(memberOf);
      const first = members.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit);
      const rows = await readRows(runner, migrationId, first);
      // One may have been reset between the two reads.
      return rows.flatMap(({ run }) =>
        run?.status === 'running' || run?.status === 'completed' ? [run] : [],
      );
    },

    async cancelledAttempts(migrationId, { limit, cursor }) {
      const scope: CursorScope = { list: 'cancelledAttempts', of: { migrationId }, key: ['whole'] };
      const below = decodeCursor(scope, cursor)?.[0] ?? '';
      const reply = await runner.onMigration('read-cancelled', migrationId, [below, limit]);
      const lowest = numberAt(reply, 0);
      if (lowest < 0) throw new MigrationNotFoundError(migrationId);
      const rows = textsAt(reply, 1).map((text) => cancelledAttempt(migrationId, text));
      return lowest > 0 ? { rows, nextCursor: encodeCursor(scope, [lowest]) } : { rows };
    },
  };
}

/** Manifests in a reply of lua/read-manifests.lua; the attempt number stands in the run's head. */
export function manifestsIn(reply: Reply[]): RunManifest[] {
  const found: RunManifest[] = [];
  for (let index = 0; index < reply.length; index += 2) {
    const text = optionalText(reply, index + 1);
    const runAttempt = attemptOf(optionalText(reply, index));
    if (text === undefined || runAttempt === undefined) continue;
    found.push({ ...(JSON.parse(text) as Omit<RunManifest, 'runAttempt'>), runAttempt });
  }
  return found;
}

function cancelledAttempt(migrationId: string, text: string): CancelledAttempt {
  const line = text.indexOf('\n');
  const { i, n, at, by, r } = JSON.parse(text.slice(0, line)) as Record<'i' | 'at' | 'by', string> & {
    n: number;
    r?: string;
  };
  return {
    runId: runId(migrationId, i),
    candidateId: i,
    attempt: n,
    cancelledAt: at,
    cancelledBy: by,
    ...(r === undefined ? {} : { reason: r }),
    steps: JSON.parse(text.slice(line + 1)) as StepState[],
  };
}
