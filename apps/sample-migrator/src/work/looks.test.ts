import { someWork } from '../ports/contract/work-store-contract';
import { createMemoryForge } from '../ports/memory/memory-forge';
import { createMemoryGitRepositories } from '../ports/memory/memory-git-repositories';
import { createMemoryOutbox } from '../ports/memory/memory-outbox';
import { createMemoryWorkStore } from '../ports/memory/memory-work-store';
import { ForgeError, GitError, type GitRepositories } from '../ports';
import { memoryLogger } from '../testing/memory-migrator';
import { createPullRequests } from './pull-requests';

const pullRequest = { repo: 'acme/x', number: 1, url: 'http://forge/acme/x/pull/1', branch: 'b' };
const notFound = new ForgeError('404 Not Found', false, { notFound: true });
const away = new ForgeError('the forge gave no answer', true);
const unauthorized = new ForgeError('401 Bad credentials');

/** What was reported after looks at which the forge answered with these; undefined is the open pull request. */
async function eventsAfter(answers: readonly (ForgeError | undefined)[]): Promise<string[]> {
  const store = createMemoryWorkStore();
  const outbox = createMemoryOutbox();
  const forge = createMemoryForge();
  await store.accept(someWork('k'));
  await forge.open({ ...pullRequest, base: 'main', title: 't', body: 'b' });
  await store.await('k', pullRequest);
  let looks = 0;
  const pullRequests = createPullRequests({
    index: store,
    outbox,
    forge: {
      ...forge,
      get: (repo, number) => {
        const answer = answers[looks++];
        return answer ? Promise.reject(answer) : forge.get(repo, number);
      },
    },
    repositories: createMemoryGitRepositories(),
    logger: memoryLogger([]),
    now: () => 0,
    reported: () => undefined,
    turn: () => Promise.resolve(true),
  });
  for (let look = 0; look < answers.length; look += 1) await pullRequests.lookAtAll();
  return (await outbox.claim(0, 1, 10)).map(({ event }) => event.status);
}

test('a pull request that was found again in between did not vanish', async () => {
  expect(await eventsAfter([notFound, undefined, notFound, undefined])).toEqual([]);
  expect(await eventsAfter([notFound, notFound])).toEqual(['failed']);
});

test('a forge that is away or refuses is not a pull request that vanished', async () => {
  expect(await eventsAfter([away, away, unauthorized, unauthorized])).toEqual([]);
});

/** Work of a cancelled run that still waits for its pull request, and what looks at it. */
async function leftOpen(repositories: GitRepositories) {
  const store = createMemoryWorkStore();
  const forge = createMemoryForge();
  await store.accept(someWork('k'));
  await forge.open({ ...pullRequest, base: 'main', title: 't', body: 'b' });
  await store.await('k', pullRequest);
  await store.cancel(someWork('k'));
  const pullRequests = createPullRequests({
    ...{ index: store, outbox: createMemoryOutbox(), forge, repositories, logger: memoryLogger([]) },
    ...{ now: () => 0, reported: () => undefined, turn: () => Promise.resolve(true) },
  });
  return { forge, pullRequests, waiting: async () => (await store.waiting()).map(({ key }) => key) };
}

test('what a cancel left open, since the forge was away or the process ended, is closed by a look', async () => {
  const deleted: string[] = [];
  const { forge, pullRequests, waiting } = await leftOpen({
    ...createMemoryGitRepositories(),
    deleteBranch: (repo, branch) => Promise.resolve(void deleted.push(`${repo} ${branch}`)),
  });
  forge.fail('the forge gave no answer');
  await pullRequests.lookAtAll();
  expect(await waiting()).toEqual(['k']);
  forge.fail(undefined);
  await pullRequests.lookAtAll();
  expect(forge.all()).toMatchObject([{ state: 'closed' }]);
  expect(deleted).toEqual(['acme/x b']);
  expect(await waiting()).toEqual([]);
});

test('where the whole repository is gone, a cancelled one is forgotten when that is seen twice', async () => {
  // There is no such repository here either.
  const { forge, pullRequests, waiting } = await leftOpen(createMemoryGitRepositories());
  forge.vanish('acme/x', 1);
  await pullRequests.lookAtAll();
  expect(await waiting()).toEqual(['k']);
  await pullRequests.lookAtAll();
  expect(await waiting()).toEqual([]);
});

test.each([
  ['git is away for the moment', true, new GitError('connection refused', true)],
  ['git does not know the token', true, new GitError('401', false, { tokenRefused: true })],
  ['the pull request is there, and its branch cannot be deleted', false, new GitError('protected branch')],
])('where %s, a cancelled one is not forgotten', async (_, isGone, error) => {
  const repositories = { ...createMemoryGitRepositories(), deleteBranch: () => Promise.reject(error) };
  const { forge, pullRequests, waiting } = await leftOpen(repositories);
  if (isGone) forge.vanish('acme/x', 1);
  for (let looks = 0; looks < 3; looks += 1) await pullRequests.lookAtAll();
  expect(await waiting()).toEqual(['k']);
});
