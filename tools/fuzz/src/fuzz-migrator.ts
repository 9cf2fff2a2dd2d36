import { json } from 'node:stream/consumers';
import { serveOnLoopback } from './loopback-server';

/** A step attempt as it was dispatched. */
export interface Dispatched {
  candidateId: string;
  stepName: string;
  callbackId: string;
}

/** A migrator that accepts every step and reports nothing by itself. */
export interface FuzzMigrator {
  url: string;
  /** The first dispatch for a candidate; ask before its start. */
  dispatchOf(candidateId: string): Promise<Dispatched>;
  close(): Promise<void>;
}

const DISPATCH_LIMIT_MS = 30_000;

export async function startFuzzMigrator(): Promise<FuzzMigrator> {
  const waiting = new Map<string, (dispatched: Dispatched) => void>();
  const server = await serveOnLoopback((request, response) => {
    const answer = async (): Promise<void> => {
      const body = (await json(request)) as Dispatched & { candidate?: { id: string } };
      if (request.url === '/dry-run') {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"steps":[]}');
        return;
      }
      response.writeHead(202).end();
      const candidateId = body.candidate?.id ?? '';
      waiting.get(candidateId)?.({ candidateId, stepName: body.stepName, callbackId: body.callbackId });
      waiting.delete(candidateId);
    };
    answer().catch((error: unknown) => response.writeHead(400).end(String(error)));
  });
  return {
    ...server,
    dispatchOf: (candidateId) =>
      new Promise((found, fail) => {
        const late = setTimeout(() => {
          fail(new Error(`no step of ${candidateId} was dispatched in ${DISPATCH_LIMIT_MS / 1000} s`));
        }, DISPATCH_LIMIT_MS);
        waiting.set(candidateId, (dispatched) => {
          clearTimeout(late);
          found(dispatched);
        });
      }),
  };
}
