import { MigratorCallError } from '@loom/domain';
import { createDryRunner } from './dry-runner';
import { flood, unusedPort } from './testing/migrator';
import { request, testParts } from './testing/setup';

const parts = testParts();
afterEach(() => parts.close());

const steps = [{ name: 'generate-chart', migratorApp: 'chart-migrator' }];
const ask = (url: string, timeoutMs = 5000) =>
  createDryRunner({ agent: parts.agent(), timeoutMs }).dryRun(url, {
    migrationId: 'm1',
    candidate: request.candidate,
    steps,
  });
const answering = async (text: string, status = 200): Promise<string> =>
  (
    await parts.migrator((response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(text),
    )
  ).url;
const failure = async (call: Promise<unknown>): Promise<{ code: string; message: string }> => {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof MigratorCallError)) throw new Error(`not a MigratorCallError: ${String(error)}`);
  return { code: error.code, message: error.message };
};

describe('dry run', () => {
  it('posts candidate and steps and gives back what would change', async () => {
    const result = [
      {
        stepName: 'a',
        skipped: false,
        files: [{ path: 'p', repo: 'r', before: '1', after: '2', status: 'modified' }],
      },
      { stepName: 'b', skipped: true },
      { stepName: 'c', skipped: false, error: 'no chart' },
    ];
    const migrator = await parts.migrator((response) =>
      response.end(JSON.stringify({ steps: result, more: 1 })),
    );
    expect(await ask(migrator.url)).toEqual(result);
    expect(migrator.received).toMatchObject([
      { method: 'POST', path: '/dry-run', body: { migrationId: 'm1', candidate: request.candidate, steps } },
    ]);
  });

  it('reads what encoders of other languages write', async () => {
    expect(await ask(await answering('{"steps":null}'))).toEqual([]);
    const text = `{"steps":[
      {"stepName":"a","files":null,"error":null},
      {"stepName":"b","skipped":true,"files":[{"path":"p","repo":"r","before":null,"status":"deleted"}]}]}`;
    expect(await ask(await answering(text))).toEqual([
      { stepName: 'a', skipped: false, files: [] },
      { stepName: 'b', skipped: true, files: [{ path: 'p', repo: 'r', after: '', status: 'deleted' }] },
    ]);
  });

  it.each([
    ['<html>', 'not JSON'],
    ['', 'not JSON'],
    ['[]', 'not a dry-run result (/)'],
    ['null', 'not a dry-run result (/)'],
    ['{}', 'not a dry-run result (/steps)'],
    ['{"steps":[1]}', 'not a dry-run result (/steps/0)'],
    ['{"steps":[{"skipped":"no","stepName":"a"}]}', 'not a dry-run result (/steps/0/skipped)'],
    [
      '{"steps":[{"stepName":"a","files":[{"path":"p","repo":"r","status":"gone"}]}]}',
      '/steps/0/files/0/status',
    ],
  ])('takes the answer %j for a migrator error', async (text, why) => {
    expect(await failure(ask(await answering(text)))).toEqual({
      code: 'migrator_error',
      message: expect.stringContaining(why) as string,
    });
  });

  it('names the status and what the migrator said', async () => {
    const url = await answering('{"detail":"cannot clone"}', 500);
    expect(await failure(ask(url))).toEqual({
      code: 'migrator_error',
      message: 'the migrator answered 500: cannot clone',
    });
    expect(await failure(ask(await answering('{}', 204)))).toMatchObject({ code: 'migrator_error' });
  });

  it('does not follow redirects', async () => {
    const migrator = await parts.migrator((response) =>
      response.writeHead(307, { location: 'http://169.254.169.254/' }).end(),
    );
    expect(await failure(ask(migrator.url))).toEqual({
      code: 'migrator_error',
      message: 'the migrator answered 307; redirects are not followed',
    });
  });

  it.each(['', 'nonsense', 'ftp://x', 'http://169.254.169.254', 'http://0xa9fea9fe/', 'http://[fe80::1]:80'])(
    'does not call %j',
    async (url) => expect((await failure(ask(url))).code).toBe('migrator_url_not_allowed'),
  );

  it('does not call a name that resolves to a link-local address', async () => {
    const agent = parts.agent({ lookup: () => Promise.resolve([{ address: 'fe80::1', family: 6 }]) });
    const call = createDryRunner({ agent }).dryRun('http://evil.test', {
      migrationId: 'm',
      candidate: { id: 'c' },
      steps,
    });
    expect((await failure(call)).code).toBe('migrator_url_not_allowed');
  });

  it('tells a migrator that is away from one that is slow', async () => {
    expect(await failure(ask(`http://127.0.0.1:${await unusedPort()}`))).toMatchObject({
      code: 'migrator_unreachable',
    });
    const silent = await parts.migrator(() => undefined);
    expect(await failure(ask(silent.url, 100))).toMatchObject({ code: 'migrator_timeout' });
    await silent.cut();
    const dripping = await parts.migrator((response) => {
      response.writeHead(200).write('{"steps":');
      const timer = setInterval(() => response.write(' '), 10);
      response.once('close', () => clearInterval(timer));
    });
    expect(await failure(ask(dripping.url, 200))).toEqual({
      code: 'migrator_timeout',
      message: 'no whole answer within 200 ms',
    });
    await dripping.cut();
  });

  it('tells an answer that broke off', async () => {
    const migrator = await parts.migrator((response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"steps":', () => response.destroy());
    });
    expect(await failure(ask(migrator.url))).toEqual({
      code: 'migrator_error',
      message: "the migrator's answer broke off",
    });
  });

  it('reads no more than 32 MiB of an answer of 100 MiB', async () => {
    let written = (): number => 0;
    const migrator = await parts.migrator((response) => ({ written } = flood(response.writeHead(200), 100)));
    const before = process.memoryUsage().rss;
    expect(await failure(ask(migrator.url, 20_000))).toEqual({
      code: 'migrator_error',
      message: expect.stringContaining('larger than 33554432 bytes') as string,
    });
    await migrator.cut();
    expect(written()).toBeLessThan(60);
    // The text and its copy while it is joined, and as much again for what is not yet collected.
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024);
  });
});
