import type { StepEvent } from '@loom/domain';
import type { MemoryForge } from '../ports/memory/memory-forge';
import { ForgeError, StoreError, type Forge, type PullRequest, type WorkStore } from '../ports';
import { around, work } from '../testing/execution';
import { GITOPS } from '../testing/world';
import { executeStep } from './execute-step';

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

test('finished meanwhile by another execution, it leaves what is on its branch alone: a retry may be at work there', async () => {
  const { deps, memory, repositories, store } = await around();
  const pushed = { repo: GITOPS, branch: 'loom/app-chart-migration/billing-api/1/disable-sync-prune-dev' };
  await memory.open({ ...pushed, base: 'main', title: 't', body: 'b' });
  const snapshot = repositories.snapshot.bind(repositories);
  repositories.snapshot = async (repo) => {
    await store.finish(work.key);
    return snapshot(repo);
  };
  await executeStep(deps, { ...work, pushed });
  expect(memory.all().map(({ state }) => state)).toEqual(['open']);
});

describe('an execution that comes so late that another one has ended its step', () => {
  /** `meanwhile` comes after the pull request was opened. */
  const late = async (
    meanwhile: (store: WorkStore, opened: PullRequest, forge: MemoryForge) => Promise<void>,
  ) => {
    const made = await around((forge) => ({
      open: async (request) => {
        const opened = await forge.open(request);
        await meanwhile(made.store, opened, forge);
        return opened;
      },
    }));
    await executeStep(made.deps, work);
    return made;
  };

  test('leaves what a retry has on the branch alone', async () => {
    const retry = { ...work, key: `${work.key}-retry` };
    const { memory, store } = await late(async (works, opened) => {
      await works.settle(work.key);
      await works.accept(retry);
      await works.await(retry.key, opened);
    });
    expect(memory.all().map(({ state }) => state)).toEqual(['open']);
    expect((await store.waiting()).map(({ key }) => key)).toEqual([retry.key]);
  });

  test('closes what it opened itself after the other one was merged', async () => {
    const { memory, store } = await late(async (works) => {
      await works.finish(work.key);
    });
    expect(memory.all().map(({ state }) => state)).toEqual(['closed']);
    expect(await store.cancel(work, 0)).toEqual([]);
  });

  test('tells what it cannot close then, since nobody else knows of it', async () => {
    const { logs } = await late(async (works, _, forge) => {
      await works.finish(work.key);
      forge.fail('the forge gave no answer');
    });
    expect(logs.filter(({ level }) => level === 'warn')).toMatchObject([
      {
        message: 'what a step pushed after its end is left behind: close it by hand',
        fields: { repo: GITOPS, number: 1 },
      },
    ]);
  });
});

test('a store that is away is no failure of the step: nothing was pushed, and it is to be repeated', async () => {
  const { deps, repositories, store, events } = await around();
  const pushing = () => Promise.reject(new StoreError('redis cannot be used'));
  await expect(executeStep({ ...deps, store: { ...store, pushing } }, work)).rejects.toThrow(StoreError);
  expect([repositories.branches(GITOPS), await events()]).toEqual([['main'], []]);
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
