import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { LedgerPost } from '../oracle/ledger';
import type { LedgerFile } from './ledger-file';
import type { Reporter } from './reporter';
import { CALM, type MigratorSettings } from './settings';
import type { Storm } from './storm';

export interface MigratorDeps {
  ledger: LedgerFile;
  reporter: Reporter;
  storm: Storm;
  random: () => number;
}

const HOLD_LOOK_MS = 20;

/** Serves `/dispatch-step` as a migrator does, and `/control`, by which its settings are changed. @returns its port */
export async function serveMigrator(deps: MigratorDeps): Promise<number> {
  let settings: MigratorSettings = CALM;
  const worker = createWork(deps, () => settings);
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    if (request.url === '/control') {
      settings = { ...settings, ...(JSON.parse(body) as Partial<MigratorSettings>) };
      response.writeHead(204).end();
    } else if (request.url === '/dispatch-step') {
      await worker.dispatched(postOf(body, String(request.headers['idempotency-key'])), () => {
        response.writeHead(202).end();
      });
    } else response.writeHead(request.url === '/health' ? 200 : 202).end();
  }
  server.listen(0, '127.0.0.1');
  await new Promise<void>((settle) => server.once('listening', settle));
  return (server.address() as AddressInfo).port;
}

function postOf(body: string, key: string): LedgerPost {
  const parsed = JSON.parse(body) as Omit<LedgerPost, 'candidateId'> & { candidate: { id: string } };
  const { runId, runAttempt, stepIndex, stepName, attempt, callbackId } = parsed;
  const digest = createHash('sha256').update(body).digest('base64url').slice(0, 16);
  return {
    kind: 'post',
    at: Date.now(),
    runId,
    candidateId: parsed.candidate.id,
    runAttempt,
    stepIndex,
    stepName,
    attempt,
    key,
    digest,
    callbackId,
  };
}

function createWork({ ledger, reporter, storm, random }: MigratorDeps, current: () => MigratorSettings) {
  const known = new Set<string>();
  let swallowed = 0;
  let doubled = 0;
  const between = ([least, most]: readonly [number, number]): Promise<void> =>
    pause(least + random() * (most - least));
  const held = async (which: 'holdAnswers' | 'holdReports'): Promise<void> => {
    while (current()[which]) await pause(HOLD_LOOK_MS);
  };

  function enter(post: LedgerPost, isNew: boolean): void {
    if (isNew && swallowed < current().swallow) {
      swallowed += 1;
      return;
    }
    ledger.append(post);
    if (!isNew || doubled >= current().double) return;
    doubled += 1;
    ledger.append({ ...post, digest: 'of another body' });
  }

  return {
    async dispatched(post: LedgerPost, answer: () => void): Promise<void> {
      const isNew = !known.has(post.key);
      known.add(post.key);
      enter(post, isNew);
      if (current().storm && isNew) await storm.early(post);
      await between(current().answerMs);
      await held('holdAnswers');
      answer();
      ledger.append({ kind: 'answered', at: Date.now(), key: post.key });
      // The work is done once, however often it was asked for.
      if (!isNew) return;
      await between(current().workMs);
      await held('holdReports');
      if (current().storm) await storm.done(post);
      else await reporter.untilFinal({ about: post, status: 'completed', eventId: `${post.key}/done` });
    },
  };
}
