import { setTimeout as pause } from 'node:timers/promises';
import type { LedgerPost } from '../oracle/ledger';
import type { LedgerFile } from './ledger-file';

export interface Report {
  /** Whose dispatch it is about. */
  about: LedgerPost;
  status: string;
  eventId: string;
  /** Expected to change nothing. */
  stray?: boolean;
  /** In place of the dispatch's own. */
  callbackId?: string;
  /** Of a bare run id. */
  attempts?: { runAttempt: number; attempt: number };
}

export interface Reporter {
  /** Again and again, at each api in turn, until there is a final answer; gives up after two minutes. */
  untilFinal(report: Report): Promise<void>;
  /** One time. Resolves with the status, 0 where no answer came. */
  once(report: Report): Promise<number>;
}

const ANSWER_LIMIT_MS = 5_000;
const GIVE_UP_MS = 120_000;
const PAUSE_MS = [100, 200, 400, 800] as const;

/** Sends as README.md asks of a migrator: the same report, unchanged, until 2xx, 409 or another final answer. */
export function createReporter(apis: readonly string[], ledger: LedgerFile): Reporter {
  let turn = 0;
  const once = async (report: Report): Promise<number> => {
    const sentAt = Date.now();
    const api = apis[(turn += 1) % apis.length] ?? '';
    const status = await post(api, report);
    const { about, stray = false } = report;
    ledger.append({
      kind: 'report',
      at: Date.now(),
      sentAt,
      key: about.key,
      said: report.status,
      stray,
      status,
    });
    return status;
  };
  return {
    once,
    async untilFinal(report) {
      const end = Date.now() + GIVE_UP_MS;
      for (let tries = 0; Date.now() < end; tries += 1) {
        if (isFinal(await once(report))) return;
        await pause(PAUSE_MS[Math.min(tries, PAUSE_MS.length - 1)]);
      }
    },
  };
}

function isFinal(status: number): boolean {
  return (status >= 200 && status < 300) || [400, 409, 413, 415].includes(status);
}

async function post(api: string, report: Report): Promise<number> {
  const { about, status, eventId, attempts, callbackId = about.callbackId } = report;
  const { stepName, candidateId } = about;
  try {
    const answer = await fetch(`${api}/event/${encodeURIComponent(callbackId)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ stepName, candidateId, status, eventId, ...attempts }),
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return 0;
  }
}
