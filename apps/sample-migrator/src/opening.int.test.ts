import { startHoldingProxy, type HoldingProxy } from './testing/holding-proxy';
import { dispatchOf } from './testing/memory-migrator';
import type { MigratorProcess } from './testing/migrator-process';
import { setStage, type Stage } from './testing/stage';

const STEP = 'disable-sync-prune-dev';
let stage: Stage;
let proxy: HoldingProxy;
let runAttempt = 0;
beforeAll(async () => {
  stage = await setStage();
  proxy = await startHoldingProxy(stage.forge.url);
});
afterAll(async () => {
  await proxy.stop();
  await stage.close();
}, 15_000);
beforeEach(() => {
  stage.loom.events.length = 0;
  runAttempt += 1;
});

const settings = (prefix: string) => ({ GITHUB_API_URL: proxy.url, MIGRATOR_REDIS_PREFIX: prefix });
const dispatch = async (migrator: MigratorProcess) => {
  const { body, key } = dispatchOf(STEP, 1, runAttempt);
  expect((await migrator.post('/dispatch-step', body, { 'idempotency-key': key })).status).toBe(202);
};
const statuses = () => stage.loom.events.map(({ event }) => event.status);
/** Pull requests of this test's run attempt, of whatever state. */
const pulls = async () => {
  const all = (await stage.forge.api('GET', '/repos/acme/gitops/pulls?state=all&per_page=100')) as {
    number: number;
    state: string;
    head: { ref: string };
  }[];
  return all.filter(({ head }) => head.ref.includes(`/${String(runAttempt)}/`));
};
/** What this test's run attempt pushed, as far as it is there still. */
const branches = async () => {
  const all = (await stage.forge.api('GET', '/repos/acme/gitops/branches')) as { name: string }[];
  return all.map(({ name }) => name).filter((name) => name.includes(`/${String(runAttempt)}/`));
};

test.each(['before', 'after'] as const)(
  'killed with the branch pushed and the pull request asked for, %s the forge opened it: there is one in the end',
  async (when) => {
    const prefix = stage.redis.prefix();
    const first = await stage.start(settings(prefix));
    const held = proxy.hold(when);
    await dispatch(first);
    await held;
    await first.kill('SIGKILL');
    const second = await stage.start(settings(prefix));
    await dispatch(second);
    await stage.loom.until(() => statuses().includes('open'), 'open');
    proxy.release();
    const found = await pulls();
    expect(found).toHaveLength(1);
    expect(stage.loom.events[0]?.event.metadata?.['prNumber']).toBe(String(found[0]?.number));
    expect(await second.kill('SIGTERM')).toBe(0);
    expect(statuses()).toEqual(['open']);
  },
  40_000,
);

test.each(['before', 'after'] as const)(
  'killed with the pull request asked for, %s the forge opened it, and cancelled after the restart: nothing is left',
  async (when) => {
    const settingsOfBoth = settings(stage.redis.prefix());
    const first = await stage.start(settingsOfBoth);
    const held = proxy.hold(when);
    await dispatch(first);
    await held;
    expect(await branches()).toHaveLength(1);
    await first.kill('SIGKILL');
    const second = await stage.start(settingsOfBoth);
    const { runId, candidate } = dispatchOf(STEP).body;
    const cancel = { runId, runAttempt, candidateId: candidate.id, steps: [] };
    // Answered with 202, it is being closed.
    let status = 202;
    while (status === 202) ({ status } = await second.post('/cancel-step', cancel));
    expect(status).toBe(200);
    expect((await pulls()).filter(({ state }) => state !== 'closed')).toEqual([]);
    expect(await branches()).toEqual([]);
    proxy.release();
    expect(await second.kill('SIGTERM')).toBe(0);
  },
  40_000,
);

test('dispatched again while it is being executed, a step is executed once', async () => {
  const migrator = await stage.start(settings(stage.redis.prefix()));
  const before = proxy.opened();
  const held = proxy.hold('before');
  await dispatch(migrator);
  await held;
  await dispatch(migrator);
  await dispatch(migrator);
  proxy.release();
  await stage.loom.until(() => statuses().includes('open'), 'open');
  await dispatch(migrator);
  expect(await migrator.kill('SIGTERM')).toBe(0);
  expect([proxy.opened() - before, (await pulls()).length, statuses()]).toEqual([1, 1, ['open']]);
}, 40_000);
