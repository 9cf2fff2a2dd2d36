import { someWork } from '../ports/contract/work-store-contract';
import { createMemoryForge } from '../ports/memory/memory-forge';
import { createMemoryGitRepositories } from '../ports/memory/memory-git-repositories';
import { createMemoryOutbox } from '../ports/memory/memory-outbox';
import { createMemoryWorkStore } from '../ports/memory/memory-work-store';
import { ForgeError } from '../ports';
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
