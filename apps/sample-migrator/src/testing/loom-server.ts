import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Candidate, StepStatusEvent } from '@loom/api-types';

/** A small Loom over HTTP that keeps what it is told. */
export interface LoomServer {
  url: string;
  events: { callbackId: string; event: StepStatusEvent }[];
  candidates: Map<string, Candidate>;
  /** While true every event is answered with 503. */
  away: boolean;
  /** Resolves once `condition` holds; asked again after each request. */
  until(condition: () => boolean, what: string): Promise<void>;
  stop: () => Promise<void>;
}

const WAIT_MS = 25_000;

/** Starts it on a free port. */
export async function startLoomServer(): Promise<LoomServer> {
  const watchers = new Set<() => void>();
  const events: LoomServer['events'] = [];
  const candidates = new Map<string, Candidate>();
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      response.statusCode = answer(loom, request.url ?? '', body);
      response.setHeader('content-type', 'application/json');
      response.end('{}');
      for (const look of watchers) look();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const loom: LoomServer = {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    events,
    candidates,
    away: false,
    until: (condition, what) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          const seen = events.map(({ event }) => `${event.stepName} ${event.status} ${event.reason ?? ''}`);
          reject(new Error(`not ${what}; events: ${seen.join(', ')}`));
        }, WAIT_MS);
        const look = (): void => {
          if (!condition()) return;
          clearTimeout(timer);
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return loom;
}

function answer(loom: LoomServer, path: string, body: unknown): number {
  const callbackId = /^\/event\/(.+)$/.exec(path)?.[1];
  if (callbackId !== undefined) {
    if (loom.away) return 503;
    loom.events.push({ callbackId: decodeURIComponent(callbackId), event: body as StepStatusEvent });
    return 202;
  }
  if (path.endsWith('/candidates')) {
    for (const candidate of (body as { candidates: Candidate[] }).candidates)
      loom.candidates.set(candidate.id, candidate);
  }
  return 200;
}

async function read(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
}
