import { createQuota, type Quota } from '../forge/quota';
import { someWork } from '../ports/contract/work-store-contract';
import { createMemoryForge } from '../ports/memory/memory-forge';
import { createMemoryGitRepositories } from '../ports/memory/memory-git-repositories';
import { createMemoryOutbox } from '../ports/memory/memory-outbox';
import { createMemoryWorkStore } from '../ports/memory/memory-work-store';
import { ForgeError, type Forge } from '../ports';
import { memoryLogger } from '../testing/memory-migrator';
import { createPace } from './pace';
import { createPullRequests } from './pull-requests';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Change {
  openNumbers?: (repo: string) => Promise<never>;
}

/** The poll over open pull requests of these repositories, with a clock of its own that only waiting moves. */
async function poll(repos: readonly string[], change: Change = {}, quota: Quota = createQuota()) {
  let clock = 0;
  const asked: string[] = [];
  const store = createMemoryWorkStore();
  const outbox = createMemoryOutbox();
  const memory = createMemoryForge();
  const logs: { level: string; message: string; fields: unknown }[] = [];
  for (const [index, repo] of repos.entries()) {
    const key = String(index);
    const pull = await memory.open({ repo, branch: key, base: 'main', title: 't', body: 'b' });
    await store.accept(someWork(key));
    await store.await(key, pull);
  }
  const forge: Forge = {
    ...memory,
    get: (repo, number) => {
      asked.push(`${repo}#${String(number)}`);
      return memory.get(repo, number);
    },
    openNumbers: (repo, page) => {
      asked.push(`${repo} page ${String(page)}`);
      return change.openNumbers?.(repo) ?? memory.openNumbers(repo, page);
    },
  };
  const pace = createPace({
    ...{ questions: 30, intervalMs: MINUTE, scarceUntil: quota.scarceUntil, now: () => clock },
    wait: (ms) => {
      clock += ms;
      return Promise.resolve();
    },
  });
  const pullRequests = createPullRequests({
    ...{ index: store, outbox, forge, repositories: createMemoryGitRepositories(), turn: pace.turn },
    ...{ logger: memoryLogger(logs), now: () => clock, reported: () => undefined },
  });
  const round = async (): Promise<string[]> => {
    asked.length = 0;
    await pullRequests.lookAtAll();
    return [...asked];
  };
  const events = async () => (await outbox.claim(clock, clock + 1, 9_999)).map(({ event }) => event.status);
  return { memory, round, events, logs, pace, time: () => clock, rest: () => (clock += MINUTE) };
}

const inOne = (count: number): string[] => Array.from({ length: count }, () => 'acme/gitops');
const inEach = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `acme/app-${String(index)}`);

test('83 open ones of a repository cost 11 questions a round: a list, and ten of them in turn', async () => {
  const { round } = await poll(inOne(83));
  const seen = new Set<string>();
  for (let rounds = 0; rounds < 9; rounds += 1) {
    const asked = await round();
    expect([asked.length, asked[0]]).toEqual([11, 'acme/gitops page 1']);
    for (const one of asked.slice(1)) seen.add(one);
  }
  expect(seen.size).toBe(83);
});

test('what is missing from the list is asked for in the same round, and a conflict is found in turn', async () => {
  const { memory, round, events } = await poll(inOne(250));
  memory.merge('acme/gitops', 7, 'c0ffee');
  await memory.close('acme/gitops', 249);
  const asked = await round();
  expect(asked).toEqual(expect.arrayContaining(['acme/gitops#7', 'acme/gitops#249']));
  expect(asked).toHaveLength(3 + 2 + 10);
  expect(await events()).toEqual(expect.arrayContaining(['merged', 'failed']));
  memory.setConflicting('acme/gitops', 100, true);
  const rounds: boolean[] = [];
  while (rounds.filter(Boolean).length < 2 && rounds.length < 30)
    rounds.push((await round()).includes('acme/gitops#100'));
  // Once it seems to conflict it is looked at again at once, not a whole turn later.
  expect(rounds.slice(-2)).toEqual([true, true]);
});

test('few are asked for one by one, as are those alone in their repository', async () => {
  expect(await (await poll(inOne(3))).round()).toHaveLength(3);
  expect(await (await poll([...inEach(12), ...inOne(12)])).round()).toHaveLength(12 + 1 + 10);
});

test.each([
  ['in one repository', inOne(1_000)],
  ['in a thousand repositories', inEach(1_000)],
])('however many %s, an hour takes no more than 1,830 questions', async (_, repos) => {
  const { round, time, rest } = await poll(repos);
  let asked = 0;
  while (time() < HOUR) {
    asked += (await round()).length;
    rest();
  }
  expect((asked * HOUR) / time()).toBeLessThanOrEqual(1_830);
  expect(asked).toBeGreaterThan(500);
});

test('a forge that has few requests left is not asked until it has more; a stop ends the wait', async () => {
  const quota = createQuota();
  const { round, time, pace } = await poll(inOne(3), {}, quota);
  const left = { 'x-ratelimit-limit': 5_000, 'x-ratelimit-reset': 1_200 };
  quota.seen({ ...left, 'x-ratelimit-remaining': 999 });
  expect(await round()).toHaveLength(3);
  expect(time()).toBe(20 * MINUTE);
  quota.seen({ ...left, 'x-ratelimit-reset': 9_999, 'x-ratelimit-remaining': 0 });
  pace.stop();
  expect(await round()).toEqual([]);
  expect(time()).toBe(20 * MINUTE);
});

test('a list that is refused ends the looks at that repository, and is told once', async () => {
  const refused = new ForgeError('GET /repos/acme/gitops/pulls failed: 403 no right');
  const { round, logs } = await poll(inOne(20), { openNumbers: () => Promise.reject(refused) });
  expect([await round(), await round()]).toEqual([['acme/gitops page 1'], ['acme/gitops page 1']]);
  expect(logs.filter(({ level }) => level === 'warn')).toHaveLength(1);
});

test('a repository that is gone has no list: each is asked for, and has vanished', async () => {
  const gone = new ForgeError('404', false, { notFound: true });
  const { memory, round, events } = await poll(inOne(20), { openNumbers: () => Promise.reject(gone) });
  for (let number = 1; number <= 20; number += 1) memory.vanish('acme/gitops', number);
  expect(await round()).toHaveLength(21);
  await round();
  expect(await events()).toEqual(Array.from({ length: 20 }, () => 'failed'));
});
