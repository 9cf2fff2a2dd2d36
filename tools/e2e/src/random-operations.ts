import type { LedgerMigrator, Posted } from './ledger-migrator';
import type { Seeded } from './seeded';

/** What was asked, and what came back; `lost` when the api died before it answered. */
export interface Performed {
  operation: Operation;
  status: number | 'lost';
  code?: string;
  /** Of an accepted start or execute. */
  attempt?: number;
  /**
   * Of an acknowledged cancel beside which nothing else was asked: the newest attempt that a start had been told
   * before it, 0 when none had.
   */
  since?: number;
  /** What an event was about, and said. */
  event?: Posted & { said: string };
}

export const OPERATIONS = [
  'start',
  'queue',
  'dequeue',
  'execute',
  'cancel',
  'retry',
  'event',
  'event',
  'event',
  'oldEvent',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Notes for a cancel that was asked alone, after `before`, what attempt was known then. */
export function noteAttempt(before: readonly Performed[], one: Performed): Performed {
  if (one.operation !== 'cancel' || one.status !== 204) return one;
  return { ...one, since: Math.max(0, ...before.map(({ attempt }) => attempt ?? 0)) };
}

const SAYINGS = [
  'completed',
  'completed',
  'completed',
  'merged',
  'open',
  'awaiting_review',
  'failed',
] as const;
const ANSWER_LIMIT_MS = 20_000;

export interface OperationDeps {
  apis: readonly string[];
  migrator: LedgerMigrator;
  migrationId: string;
}

/** Performs one operation on one candidate, at a replica chosen by `random`. */
export async function perform(
  deps: OperationDeps,
  candidateId: string,
  operation: Operation,
  random: Seeded,
  saying?: (typeof SAYINGS)[number],
): Promise<Performed | undefined> {
  const base = `${random.pick(deps.apis)}/migrations/${deps.migrationId}/candidates/${candidateId}`;
  const newest = deps.migrator.newest(candidateId);
  if (operation === 'event' || operation === 'oldEvent') {
    const about =
      operation === 'event' ? newest : deps.migrator.ledger.find((one) => one.candidateId === candidateId);
    if (about === undefined) return undefined;
    const said = saying ?? random.pick(SAYINGS);
    const body = {
      stepName: about.stepName,
      candidateId,
      status: said,
      ...(said === 'failed' ? { reason: 'random' } : {}),
    };
    const answer = await ask(
      'POST',
      `${random.pick(deps.apis)}/event/${encodeURIComponent(about.callbackId)}`,
      body,
    );
    return { operation, ...answer, event: { ...about, said } };
  }
  if (operation === 'retry') {
    if (newest === undefined) return undefined;
    return {
      operation,
      ...(await ask('POST', `${base}/retry-step`, { stepName: newest.stepName, attempt: newest.attempt })),
    };
  }
  const method = operation === 'dequeue' ? 'DELETE' : 'POST';
  return { operation, ...(await ask(method, `${base}/${operation}`)) };
}

async function ask(
  method: string,
  url: string,
  body?: unknown,
): Promise<Pick<Performed, 'status' | 'code' | 'attempt'>> {
  try {
    const answer = await fetch(url, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    const text = await answer.text();
    const { code, attempt } = (text === '' ? {} : JSON.parse(text)) as { code?: string; attempt?: number };
    return {
      status: answer.status,
      ...(code === undefined ? {} : { code }),
      ...(attempt === undefined ? {} : { attempt }),
    };
  } catch {
    return { status: 'lost' };
  }
}
