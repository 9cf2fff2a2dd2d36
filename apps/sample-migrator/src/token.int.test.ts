import { setStage, type Stage } from './testing/stage';
import { dispatchOf } from './testing/memory-migrator';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close(), 15_000);

test('a wrong token is told as such: by readiness, by requests, by the step, and once in the log', async () => {
  const migrator = await stage.start({ GITHUB_TOKEN: 'canary-wrong-token', LOOM_LOG_LEVEL: 'info' });
  const ready = await fetch(`${migrator.url}/readyz`);
  expect([ready.status, await ready.json()]).toMatchObject([
    503,
    {
      dependencies: [
        { name: 'redis', status: 'up' },
        { name: 'forge', status: 'down', detail: expect.stringContaining('refuses GITHUB_TOKEN') as string },
        { name: 'loom', status: 'up' },
      ],
    },
  ]);
  for (const path of ['/discover', '/discover?again', '/discover?and-again']) {
    expect(await migrator.post(path, {})).toMatchObject({
      status: 503,
      body: {
        detail: 'acme/gitops: the forge refuses GITHUB_TOKEN: git ls-remote was answered with 401',
      },
    });
  }
  const { body, key } = dispatchOf('disable-sync-prune-dev');
  await migrator.post('/dispatch-step', body, { 'idempotency-key': key });
  await stage.loom.until(() => stage.loom.events.length > 0, 'told of the step');
  expect(stage.loom.events[0]?.event).toMatchObject({
    status: 'failed',
    reason: expect.stringContaining('the forge refuses GITHUB_TOKEN') as string,
  });
  expect(await migrator.kill('SIGTERM')).toBe(0);
  const lines = migrator.logs.map((line) => JSON.parse(line) as { level: string; message: string });
  // Git and the API may be at two addresses, with a token that only one of them takes.
  expect(
    lines
      .filter(({ level }) => level === 'warn' || level === 'error')
      .map(({ message }) => message)
      .sort(),
  ).toEqual(['git on the forge cannot be used', 'the forge cannot be used']);
  expect(migrator.logs.join('\n')).not.toMatch(/could not read Username|canary|\.ts:\d/);
}, 40_000);
