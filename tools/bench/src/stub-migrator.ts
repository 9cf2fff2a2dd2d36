import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { STEPS, type Dispatched, type Subject } from './subject';

/** What the stub saw of the runs that it was told to watch; times in ms of this process. */
export interface Watched {
  /** From a report's first byte out to the next dispatch's arrival. */
  hops: number[];
  /** When the run's last report was answered. */
  done: Map<string, number>;
  /** Rejects when a report was refused. */
  failed: Promise<never>;
  /** Resolves when so many runs are done. */
  until(count: number): Promise<void>;
}

export interface StubMigrator {
  url: string;
  /** From now on reports go to this design, and what comes is its own. */
  watch(subject: Subject): Watched;
  close(): Promise<void>;
}

/** A migrator that accepts each step at once, and reports its completion right after the answer. */
export async function startStubMigrator(): Promise<StubMigrator> {
  let heard: (dispatched: Dispatched) => void = () => undefined;
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const dispatched = read(body);
      response.writeHead(202).end(() => {
        heard(dispatched);
      });
    });
  });
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    watch(subject) {
      const watched = createWatch(subject);
      heard = watched.heard;
      return watched;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

function createWatch(subject: Subject): Watched & { heard: (dispatched: Dispatched) => void } {
  const hops: number[] = [];
  const done = new Map<string, number>();
  const reportedAt = new Map<string, number>();
  const waiting = new Set<{ count: number; resolve: () => void }>();
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // It is told by `until`; nobody else has to listen.
  failed.catch(() => undefined);

  async function report(dispatched: Dispatched): Promise<void> {
    const { runId, stepIndex } = dispatched;
    reportedAt.set(runId, performance.now());
    await subject.report(dispatched);
    if (stepIndex < STEPS - 1) return;
    done.set(runId, performance.now());
    for (const one of waiting) if (done.size >= one.count) one.resolve();
  }

  return {
    hops,
    done,
    failed,
    heard(dispatched) {
      const before = reportedAt.get(dispatched.runId);
      if (before !== undefined && dispatched.stepIndex > 0) hops.push(performance.now() - before);
      report(dispatched).catch(fail);
    },
    until: (count) =>
      Promise.race([
        failed,
        new Promise<void>((resolve) => {
          if (done.size >= count) resolve();
          else waiting.add({ count, resolve });
        }),
      ]),
  };
}

function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      resolve(Buffer.concat(chunks).toString());
    });
    request.on('error', reject);
  });
}

/** Loom's dispatch; the bare designs send the same names. */
function read(body: string): Dispatched {
  const { runId, stepIndex, callbackId } = JSON.parse(body) as Omit<Dispatched, 'callback'> & {
    callbackId: string;
  };
  return { runId, stepIndex, callback: callbackId };
}
