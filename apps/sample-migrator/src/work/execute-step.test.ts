import type { StepEvent } from '@loom/domain';
import { createMemoryForge, type MemoryForge } from '../ports/memory/memory-forge';
import { createMemoryGitRepositories } from '../ports/memory/memory-git-repositories';
import { createMemoryOutbox } from '../ports/memory/memory-outbox';
import { createMemoryWorkStore } from '../ports/memory/memory-work-store';
import { ForgeError, StoreError, type Forge, type Work } from '../ports';
import { dispatchOf, memoryLogger } from '../testing/memory-migrator';
import { APP_FILES, GITOPS, gitopsFiles, REGISTRY } from '../testing/world';
import { executeStep, type ExecuteDeps } from './execute-step';
import { createPullRequests } from './pull-requests';

const { body, key } = dispatchOf('disable-sync-prune-dev');
const work: Work = { ...body, key, acceptedAt: '2026-01-02T03:04:05.000Z' };
const CLAIMED = Date.parse(work.acceptedAt);

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
  const now = (): number => CLAIMED;
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
    const next = async () => (await outbox.claim(CLAIMED, CLAIMED + 1, 1))[0];
    for (let message = await next(); message; message = await next()) {
      all.push(message.event);
      await outbox.settle(message, CLAIMED);
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

describe.each(['before', 'after'] as const)(
  'killed %s its pull request was opened, and cancelled then',
  (when) => {
    /** Everything as after the kill. */
    const killed = async () => {
      let isKilled: () => void = () => undefined;
      const kill = new Promise<void>((resolve) => (isKilled = resolve));
      const made = await around((forge) => ({
        open: async (request) => {
          if (when === 'after') await forge.open(request);
          isKilled();
          return new Promise(() => undefined);
        },
      }));
      await made.store.claim(CLAIMED, CLAIMED + 10, 1);
      void executeStep(made.deps, work);
      await kill;
      await made.store.cancel(work);
      expect(made.repositories.branches(GITOPS)).toHaveLength(2);
      return made;
    };

    test('it takes everything back when its claim has run out', async () => {
      const { deps, memory, repositories, store, events } = await killed();
      for (const claimed of await store.claim(CLAIMED + 10, CLAIMED + 20, 9))
        await executeStep(deps, claimed);
      expect(memory.all().filter(({ state }) => state !== 'closed')).toEqual([]);
      expect(repositories.branches(GITOPS)).toEqual(['main']);
      expect([await store.cancel(work), await events()]).toEqual([[], []]);
    });

    test('with a forge that is away it does so later', async () => {
      const { deps, memory, repositories, store, waits } = await killed();
      memory.fail('the forge gave no answer');
      const claim = (at: number) => store.claim(at, at + 10, 9);
      for (const claimed of await claim(CLAIMED + 10)) await executeStep(deps, claimed);
      expect(waits).toEqual([1000, 2000]);
      memory.fail(undefined);
      expect(await claim(CLAIMED + 59_999)).toEqual([]);
      for (const claimed of await claim(CLAIMED + 60_000)) await executeStep(deps, claimed);
      expect(memory.all().filter(({ state }) => state !== 'closed')).toEqual([]);
      expect(repositories.branches(GITOPS)).toEqual(['main']);
      expect(await store.cancel(work)).toEqual([]);
    });
  },
);

test('cancelled while a forge that is away keeps it waiting, it deletes its branch and reports nothing', async () => {
  for (const transient of [true, false]) {
    const { deps, repositories, store, events } = await around(() => ({
      open: async () => {
        await store.cancel(work);
        throw new ForgeError('the forge gave no answer', transient);
      },
    }));
    await executeStep(deps, work);
    expect(repositories.branches(GITOPS)).toEqual(['main']);
    expect([await store.cancel(work), await events()]).toEqual([[], []]);
  }
});

test('cancelled before it pushed, it pushes nothing', async () => {
  const { deps, repositories, store, events } = await around();
  const push = jest.spyOn(repositories, 'push');
  const snapshot = repositories.snapshot.bind(repositories);
  repositories.snapshot = async (repo) => {
    await store.cancel(work);
    return snapshot(repo);
  };
  await executeStep(deps, work);
  expect(push).not.toHaveBeenCalled();
  expect([await store.cancel(work), await events()]).toEqual([[], []]);
});

test('finished meanwhile by another execution, it leaves what is on its branch alone: a retry may be at work there', async () => {
  const { deps, memory, repositories, store } = await around();
  const pushed = { repo: GITOPS, branch: 'loom/app-chart-migration/billing-api/1/disable-sync-prune-dev' };
  await memory.open({ ...pushed, base: 'main', title: 't', body: 'b' });
  const snapshot = repositories.snapshot.bind(repositories);
  repositories.snapshot = async (repo) => {
    await store.finish(key);
    return snapshot(repo);
  };
  await executeStep(deps, { ...work, pushed });
  expect(memory.all().map(({ state }) => state)).toEqual(['open']);
});

test('a store that is away is no failure of the step: nothing was pushed, and it is to be repeated', async () => {
  const { deps, repositories, store, events } = await around();
  const pushing = () => Promise.reject(new StoreError('redis cannot be used'));
  await expect(executeStep({ ...deps, store: { ...store, pushing } }, work)).rejects.toThrow(StoreError);
  expect([repositories.branches(GITOPS), await events()]).toEqual([['main'], []]);
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
