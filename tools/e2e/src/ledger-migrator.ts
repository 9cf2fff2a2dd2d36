import { EventEmitter } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** One POST to /dispatch-step, as it came; times are ms of this process. */
export interface Posted {
  candidateId: string;
  runAttempt: number;
  stepIndex: number;
  attempt: number;
  stepName: string;
  callbackId: string;
  key: string;
  at: number;
}

/** A migrator that accepts everything and forgets nothing. */
export interface LedgerMigrator {
  url: string;
  /** In order of arrival, never shortened. */
  ledger: Posted[];
  cancels: { runId: string; runAttempt: number }[];
  /** The newest POST for a candidate. */
  newest(candidateId: string): Posted | undefined;
  /** Resolves with true when another POST for the candidate comes, with false after `ms`. */
  another(candidateId: string, ms: number): Promise<boolean>;
  /** How many POSTs to /dispatch-step wait for their answer. */
  answering(): number;
  close(): Promise<void>;
}

export interface LedgerMigratorOptions {
  /** How long each POST to /dispatch-step waits for its answer. */
  answerAfterMs?: number;
  /** What it waits for before that. */
  answerWhen?: (posted: Posted) => Promise<unknown>;
  /** Called once for each idempotency key, when its first POST has been answered. */
  onAnswered?: (posted: Posted) => void;
}

export async function startLedgerMigrator({
  answerAfterMs = 0,
  answerWhen = () => Promise.resolve(),
  onAnswered,
}: LedgerMigratorOptions = {}): Promise<LedgerMigrator> {
  const ledger: Posted[] = [];
  const cancels: { runId: string; runAttempt: number }[] = [];
  const byCandidate = new Map<string, Posted>();
  const arrivals = new EventEmitter().setMaxListeners(0);
  const known = new Set<string>();
  let answering = 0;
  const answer = (posted: Posted, response: ServerResponse): void => {
    answering += 1;
    const due = answerWhen(posted).then(() => delay(answerAfterMs));
    void due.then(() => {
      answering -= 1;
      // Whoever asked may be dead by now; the effect stays, as with any migrator.
      response.writeHead(202).end();
      if (known.has(posted.key)) return;
      known.add(posted.key);
      onAnswered?.(posted);
    });
  };
  const server = createServer((request, response) => {
    const at = performance.now();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Omit<
        Posted,
        'key' | 'at' | 'candidateId'
      > & { candidate: { id: string }; runId: string };
      if (request.url === '/dispatch-step') {
        const { candidate, runAttempt, stepIndex, attempt, stepName, callbackId } = body;
        const key = String(request.headers['idempotency-key']);
        const posted = {
          candidateId: candidate.id,
          runAttempt,
          stepIndex,
          attempt,
          stepName,
          callbackId,
          key,
          at,
        };
        ledger.push(posted);
        byCandidate.set(candidate.id, posted);
        arrivals.emit(candidate.id);
        answer(posted, response);
        return;
      }
      if (request.url === '/cancel-step') cancels.push({ runId: body.runId, runAttempt: body.runAttempt });
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ledger,
    cancels,
    answering: () => answering,
    newest: (candidateId) => byCandidate.get(candidateId),
    another: (candidateId, ms) =>
      new Promise((settle) => {
        const come = (): void => {
          clearTimeout(timer);
          settle(true);
        };
        const timer = setTimeout(() => {
          arrivals.off(candidateId, come);
          settle(false);
        }, ms);
        arrivals.once(candidateId, come);
      }),
    close: () =>
      new Promise((settle) => {
        server.closeAllConnections();
        server.close(() => {
          settle();
        });
      }),
  };
}
