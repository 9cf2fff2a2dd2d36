import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { DependencyUnavailableError, type AuditEntry } from '@loom/domain';
import { MemoryLogger } from '@loom/ports/memory';
import { createApp, type AppDeps } from '../app';
import type { Service } from '../service/service';
import { createHttpWorld, runWorld } from '../testing/http-world';
import { serve } from '../testing/serve';
import { nextLine, openStream } from '../testing/streams';

const entry = (n: number, reason = ''): AuditEntry => ({
  id: `m/${n}`,
  at: '2026-01-01T00:00:00.000Z',
  actor: { id: 'ana', role: 'operator' },
  action: 'queue',
  reason,
});

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const nothing = async function* (): AsyncGenerator<never[]> {
  yield await Promise.resolve([]);
};

/** Serves the pages that `auditPages` gives. */
async function serving(auditPages: () => AsyncGenerator<AuditEntry[]>, exports: AppDeps['exports'] = {}) {
  const logger = new MemoryLogger();
  const stopping = new AbortController();
  const app = createApp({
    service: { auditPages, candidatePages: nothing } as unknown as Service,
    readiness: () => Promise.resolve({ status: 'ready', dependencies: [] }),
    logger,
    stopping: stopping.signal,
    exports,
  });
  const { url, close } = await serve(app);
  closers.push(close);
  return { url: `${url}/audit/export`, logger, stopping };
}

/** The whole body, or the error that cut it off. */
async function bodyOf(response: IncomingMessage): Promise<{ text: string; error?: string }> {
  let text = '';
  response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  const failed = new Promise<string>((resolve) => response.once('error', ({ message }) => resolve(message)));
  const outcome = await Promise.race([once(response, 'end').then(() => undefined), failed]);
  return outcome === undefined ? { text } : { text, error: outcome };
}

describe('an export of the audit', () => {
  it('is CSV with a header line, or NDJSON, of all that matches', async () => {
    const world = await runWorld(createHttpWorld());
    await world.post('queue');
    await world.post('cancel', { reason: '=HYPERLINK("http://x","y")' });
    const csv = await world.api
      .get('/audit/export?format=csv')
      .expect(200)
      .expect('content-type', /^text\/csv;/);
    const lines = csv.text.split('\r\n');
    expect(lines[0]).toBe(
      'id,at,actor,role,action,migrationId,candidateId,runId,runAttempt,before,after,reason,requestId,from',
    );
    expect(lines).toHaveLength(6);
    expect(lines[1]).toContain(`,anonymous,admin,cancel,m1,c1,m1__c1,1,"{""status"":""queued""}",`);
    expect(lines[1]).toContain(`,"'=HYPERLINK(""http://x"",""y"")",`);
    const { entries } = (await world.api.get('/audit?action=cancel')).body;
    const told = await world.api.get('/audit/export?format=ndjson&action=cancel').expect(200);
    expect(told.headers['content-disposition']).toBe('attachment; filename="audit.ndjson"');
    expect(told.text).toBe(`${JSON.stringify(entries[0])}\n`);
    expect(world.broken).toEqual([]);
  });

  it('answers a HEAD request with the head alone', async () => {
    const { url } = await serving(async function* () {
      yield [await Promise.resolve(entry(1))];
    });
    const answer = await fetch(url, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'application/x-ndjson; charset=utf-8',
    ]);
  });

  it('answers what fails before its first page like any request', async () => {
    // eslint-disable-next-line require-yield
    const { url } = await serving(async function* () {
      await Promise.reject(new DependencyUnavailableError('store', 'away'));
    });
    const answer = await fetch(url);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'dependency_unavailable' });
  });

  it('is cut off, and does not end, where a later page cannot be read', async () => {
    let fail = (): void => undefined;
    const away = new Promise<void>((_, reject) => {
      fail = () => reject(new DependencyUnavailableError('store', 'away'));
    });
    const { url, logger } = await serving(async function* () {
      yield [await Promise.resolve(entry(1))];
      await away;
    });
    const logged = nextLine(logger, 'request');
    const response = await openStream(url);
    response.once('data', () => fail());
    const { text, error } = await bodyOf(response);
    await logged;
    expect(text).toMatch(/^\{"id":"m\/1".*\}\n$/);
    expect(error).toBe('aborted');
    expect(logger.lines.at(-1)).toMatchObject({
      level: 'warn',
      fields: { code: 'dependency_unavailable', aborted: true },
    });
  });

  it('is cut off where the process stops', async () => {
    const { url, stopping } = await serving(async function* () {
      for (let n = 0; ; n += 1) yield [await Promise.resolve(entry(n, 'x'.repeat(100_000)))];
    });
    const response = await openStream(url);
    response.once('data', () => stopping.abort());
    expect((await bodyOf(response)).error).toBe('aborted');
  });

  it('reads no page ahead of a slow reader, and stops reading when that leaves', async () => {
    let asked = 0;
    let ended: () => void;
    const end = new Promise<void>((resolve) => (ended = resolve));
    const { url } = await serving(async function* () {
      try {
        for (; ; asked += 1) yield [await Promise.resolve(entry(asked, 'x'.repeat(1_000_000)))];
      } finally {
        ended();
      }
    });
    const response = await openStream(url);
    response.pause();
    let before = -1;
    while (asked !== before || asked === 0) {
      before = asked;
      // What a socket's buffers still take is taken within this time.
      await fetch(url.replace('/audit/export', '/healthz'));
      await fetch(url.replace('/audit/export', '/healthz'));
    }
    expect(asked).toBeLessThan(30);
    response.destroy();
    await end;
  });

  it('cuts off a reader that never reads, and refuses more exports than it may have open', async () => {
    const endless = async function* () {
      for (let n = 0; ; n += 1) yield [await Promise.resolve(entry(n, 'x'.repeat(1_000_000)))];
    };
    const { url, logger } = await serving(endless, { stallMs: 50, mostExports: 1 });
    const cut = nextLine(logger, 'an export was cut off');
    const response = await openStream(url);
    const refused = await fetch(url);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    await refused.body?.cancel();
    response.pause();
    await cut;
    response.destroy();
  });

  it('shares its places with exports of candidates', async () => {
    const waiting = async function* () {
      yield [await Promise.resolve(entry(1))];
      await new Promise(() => undefined);
    };
    const { url } = await serving(waiting, { mostExports: 1 });
    const response = await openStream(url);
    const other = url.replace('/audit/export', '/migrations/m/candidates/export?format=csv');
    expect((await fetch(other)).status).toBe(429);
    response.destroy();
  });
});
