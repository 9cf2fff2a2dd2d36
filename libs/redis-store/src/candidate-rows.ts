import type { CandidateRow } from '@loom/domain';
import { decodeRow, type StoredTexts } from './records';
import { optionalText, type Reply, type ScriptRunner } from './script-runner';

/** Documents of so many candidates are read in one call; more would block Redis for long. */
const SLICE = 250;

/** A member `id\0ord` of an index, taken apart. */
export interface Member {
  id: string;
  ord: string;
}

export function memberOf(text: string): Member {
  const at = text.indexOf('\0');
  return { id: text.slice(0, at), ord: text.slice(at + 1) };
}

/** Rows of these members, in their order. */
export async function readRows(
  runner: ScriptRunner,
  migrationId: string,
  members: readonly Member[],
): Promise<CandidateRow[]> {
  const slices: string[][] = [];
  for (let start = 0; start < members.length; start += SLICE) {
    slices.push(members.slice(start, start + SLICE).map(({ ord }) => ord));
  }
  const replies = await Promise.all(
    slices.map((ords) => runner.onMigration('read-candidates', migrationId, ['ord', ...ords])),
  );
  return replies.flatMap((reply) => textsOf(reply).map((texts) => decodeRow(migrationId, texts)));
}

/** The texts of one candidate; undefined when it, or its migration, is unknown. */
export async function readTexts(
  runner: ScriptRunner,
  migrationId: string,
  candidateId: string,
): Promise<StoredTexts | undefined> {
  return textsOf(await runner.onMigration('read-candidates', migrationId, ['id', candidateId]))[0];
}

function textsOf(reply: Reply[]): StoredTexts[] {
  const found: StoredTexts[] = [];
  for (let index = 0; index < reply.length; index += 3) {
    const stored = optionalText(reply, index);
    if (stored === undefined) continue;
    found.push({ stored, head: optionalText(reply, index + 1), view: optionalText(reply, index + 2) });
  }
  return found;
}
