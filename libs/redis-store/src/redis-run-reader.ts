import {
  currentAttempt,
  MigrationNotFoundError,
  runId,
  type CancelledAttempt,
  type RunAttempt,
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

    async attempts(migrationId, candidateId, { limit, cursor }) {
      const scope: CursorScope = { list: 'attempts', of: { migrationId, candidateId }, key: ['whole'] };
      const from = decodeCursor(scope, cursor)?.[0] ?? '';
      const reply = await runner.onMigration('read-attempts', migrationId, [candidateId, from, limit]);
      if (reply.length === 0) return undefined;
      const run = decodeRun(migrationId, candidateId, optionalText(reply, 0), optionalText(reply, 1));
      const current = run === undefined ? undefined : currentAttempt(run);
      const rows = [...(current === undefined ? [] : [current]), ...textsAt(reply, 3).map(endedAttempt)];
      const next = numberAt(reply, 2);
      return next > 0 ? { rows, nextCursor: encodeCursor(scope, [next]) } : { rows };
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

/** An attempt that is over, as lua/archive.lua keeps it. */
interface ArchivedLine {
  i: string;
  n: number;
  o?: 'completed';
  at?: string;
  by?: string;
  r?: string;
  st?: string;
  e?: string;
}

function archived(text: string): { line: ArchivedLine; steps: StepState[] } {
  const end = text.indexOf('\n');
  const line = JSON.parse(text.slice(0, end)) as ArchivedLine;
  return { line, steps: JSON.parse(text.slice(end + 1)) as StepState[] };
}

function cancelledAttempt(migrationId: string, text: string): CancelledAttempt {
  const { line, steps } = archived(text);
  const { i, n, at = '', by = '', r } = line;
  return {
    runId: runId(migrationId, i),
    candidateId: i,
    attempt: n,
    cancelledAt: at,
    cancelledBy: by,
    ...(r === undefined ? {} : { reason: r }),
    steps,
  };
}

function endedAttempt(text: string): RunAttempt {
  const { line, steps } = archived(text);
  const { n, o, by, r, st, e = line.at } = line;
  return {
    attempt: n,
    outcome: o ?? 'cancelled',
    ...(st === undefined ? {} : { startedAt: st }),
    ...(e === undefined ? {} : { endedAt: e }),
    ...(by === undefined ? {} : { cancelledBy: by }),
    ...(r === undefined ? {} : { reason: r }),
    steps,
  };
}
