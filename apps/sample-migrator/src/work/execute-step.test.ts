import type { StepEvent } from '@loom/domain';
import { createMemoryForge, type MemoryForge } from '../ports/memory/memory-forge';
import { createMemoryGitRepositories } from '../ports/memory/memory-git-repositories';
import { createMemoryOutbox } from '../ports/memory/memory-outbox';
import { createMemoryWorkStore } from '../ports/memory/memory-work-store';
import { ForgeError, type Forge, type Work } from '../ports';
import { dispatchOf, memoryLogger } from '../testing/memory-migrator';
import { APP_FILES, GITOPS, gitopsFiles, REGISTRY } from '../testing/world';
import { executeStep, type ExecuteDeps } from './execute-step';
import { createPullRequests } from './pull-requests';

const { body, key } = dispatchOf('disable-sync-prune-dev');
const work: Work = { ...body, key, acceptedAt: '2026-01-02T03:04:05.000Z' };

/** Everything that an execution needs, around a forge that may be given a bad day. */
async function around(change: (forge: MemoryForge) => Partial<Forge> = () => ({})) {
  const repositories = createMemoryGitRepositories();
  repositories.setMain(GITOPS, gitopsFiles());
  repositories.setMain('acme/billing-api', APP_FILES);
  const memory = createMemoryForge();
  const forge: Forge = { ...memory, ...change(memory) };
  const store = createMemoryWorkStore();
  const outbox = createMemoryOutbox();
  const waits: number[] = [];
  const logger = memoryLogger([]);
  const now = (): number => 0;
  const reported = (): void => undefined;
  const turn = () => Promise.resolve(true);
  const deps: ExecuteDeps = {
    ...{ repositories, forge, store, outbox, logger, now },
    pullRequests: createPullRequests({
      index: store,
      outbox,
      forge,
      repositories,
      logger,
      now,
      reported,
      turn,
    }),
    gitopsRepo: GITOPS,
    chartRegistry: REGISTRY,
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  };
  await store.accept(work);
  const events = async () => {
    const all: StepEvent[] = [];
    // Of one work, the next is due once the one before is settled.
    for (let [message] = await outbox.claim(0, 1, 10); message; [message] = await outbox.claim(0, 1, 10)) {
      all.push(message.event);
      await outbox.settle(message, 0);
    }
    return all;
  };
  return { deps, memory, repositories, store, waits, events };
}

const failing = (times: number, transient: boolean) => (forge: MemoryForge) => {
  let left = times;
  const open: Forge['open'] = (request) => {
    left -= 1;
    return left >= 0
      ? Promise.reject(new ForgeError('the forge gave no answer', transient))
      : forge.open(request);
  };
  return { open };
};

test('what is away for a moment is tried again', async () => {
  const { deps, waits, events } = await around(failing(2, true));
  await executeStep(deps, work);
  expect(waits).toEqual([1000, 2000]);
  expect((await events()).map(({ status }) => status)).toEqual(['open']);
});

test('what stays away, or refuses, fails the step with its reason', async () => {
  for (const [times, transient, tries] of [
    [9, true, 2],
    [1, false, 0],
  ] as const) {
    const { deps, waits, events } = await around(failing(times, transient));
    await executeStep(deps, work);
    expect(waits).toHaveLength(tries);
    expect(await events()).toMatchObject([{ status: 'failed', reason: 'the forge gave no answer' }]);
  }
});

test('executed once more after a crash, it finds its own pull request', async () => {
  const { deps, memory, repositories } = await around();
  await executeStep(deps, work);
  await executeStep(deps, work);
  expect(memory.all()).toHaveLength(1);
  expect(repositories.branches(GITOPS)).toHaveLength(2);
});

test('cancelled while its pull request is being opened, it takes it back', async () => {
  const { deps, memory, repositories, store } = await around((forge) => ({
    open: async (request) => {
      await store.cancel(work);
      return forge.open(request);
    },
  }));
  await executeStep(deps, work);
  expect(memory.all().map(({ state }) => state)).toEqual(['closed']);
  expect(repositories.branches(GITOPS)).toEqual(['main']);
  expect(await store.cancel(work)).toEqual([]);
});

test('cancelled while its pull request is being opened by a forge that is away then, it leaves it to a look', async () => {
  const { deps, memory, repositories, store, waits } = await around((forge) => ({
    open: async (request) => {
      await store.cancel(work);
      const opened = await forge.open(request);
      forge.fail('the forge gave no answer');
      return opened;
    },
  }));
  await executeStep(deps, work);
  expect(waits).toEqual([1000, 2000]);
  memory.fail(undefined);
  await deps.pullRequests.lookAtAll();
  expect(memory.all().map(({ state }) => state)).toEqual(['closed']);
  expect(repositories.branches(GITOPS)).toEqual(['main']);
  expect(await store.cancel(work)).toEqual([]);
});

test('cancelled before, it does nothing', async () => {
  const { deps, memory, store, events } = await around();
  await store.cancel(work);
  await executeStep(deps, work);
  expect(memory.all()).toEqual([]);
  expect(await events()).toEqual([]);
});

describe('a pull request that a quick reviewer merges', () => {
  const merge = async ({ memory, deps }: Pick<Awaited<ReturnType<typeof around>>, 'memory' | 'deps'>) => {
    memory.merge(GITOPS, 1, 'c0ffee');
    const { url } = await memory.get(GITOPS, 1);
    // The webhook, which comes once.
    await deps.pullRequests.happened({ repo: GITOPS, number: 1, url, state: 'merged', commitSha: 'c0ffee' });
  };
  const statuses = (events: StepEvent[]) => events.map(({ status }) => status);

  test('before we have the answer to our request is merged at once', async () => {
    const { deps, memory, events } = await around((forge) => ({
      open: async (request) => {
        const opened = await forge.open(request);
        await merge({ deps, memory });
        return opened;
      },
    }));
    await executeStep(deps, work);
    expect(statuses(await events())).toEqual(['open', 'merged']);
  });

  test('after we reported it, and before we recorded that we wait for it, is merged at once', async () => {
    const { deps, memory, store, events } = await around();
    const waiting: typeof store.await = async (...args) => {
      await merge({ deps, memory });
      return store.await(...args);
    };
    await executeStep({ ...deps, store: { ...store, await: waiting } }, work);
    expect(statuses(await events())).toEqual(['open', 'merged']);
  });

  test('is looked at once; where that fails, it is left to the poll', async () => {
    const { deps, memory, events } = await around(() => ({
      peek: () => Promise.reject(new ForgeError('the forge gave no answer', true)),
    }));
    await executeStep(deps, work);
    memory.merge(GITOPS, 1, 'c0ffee');
    expect(statuses(await events())).toEqual(['open']);
    await deps.pullRequests.lookAtAll();
    expect(statuses(await events())).toEqual(['merged']);
  });
});
