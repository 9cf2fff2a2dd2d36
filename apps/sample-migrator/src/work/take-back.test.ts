import { ForgeError, GitError, type Forge } from '../ports';
import type { MemoryForge } from '../ports/memory/memory-forge';
import { around, CLAIMED, work } from '../testing/execution';
import { GITOPS } from '../testing/world';
import { cancelRun } from './cancel-run';
import { executeStep } from './execute-step';

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

test('cancelled before, it does nothing', async () => {
  const { deps, memory, store, events } = await around();
  await store.cancel(work);
  await executeStep(deps, work);
  expect(memory.all()).toEqual([]);
  expect(await events()).toEqual([]);
});

describe('a step whose pull request the forge opens, and does not tell us', () => {
  const unheard = (forge: MemoryForge): Partial<Forge> => ({
    open: async (request) => {
      await forge.open(request);
      throw new ForgeError('the forge gave no answer', true);
    },
  });
  const request = { runId: work.runId, runAttempt: 1, candidateId: work.candidate.id, steps: [] };
  const cancelled = ({ deps }: Awaited<ReturnType<typeof around>>) =>
    cancelRun({ ...deps, quiesce: () => Promise.resolve() }, request);

  test('fails, and a cancel closes it after Loom took the failure', async () => {
    const made = await around(unheard);
    await executeStep(made.deps, work);
    expect(await made.events()).toMatchObject([{ status: 'failed' }]);
    expect(await cancelled(made)).toEqual({ closed: 1 });
    expect(made.memory.all().map(({ state }) => state)).toEqual(['closed']);
    expect(made.repositories.branches(GITOPS)).toEqual(['main']);
  });

  test('fails, and a cancel that Loom knew first closes it, however long the forge is away', async () => {
    const made = await around(unheard);
    await executeStep(made.deps, work);
    made.memory.fail('the forge gave no answer');
    await expect(cancelled(made)).rejects.toThrow(ForgeError);
    made.loom.answers.push({ status: 409, code: 'event_not_expected' });
    expect(await made.events()).toEqual([]);
    made.memory.fail(undefined);
    // As after a restart: nobody goes on with the cancel itself.
    for (const claimed of await made.store.claim(CLAIMED, CLAIMED + 10, 9))
      await executeStep(made.deps, claimed);
    expect(made.memory.all().map(({ state }) => state)).toEqual(['closed']);
    expect(made.repositories.branches(GITOPS)).toEqual(['main']);
    expect(await made.store.cancel(work)).toEqual([]);
  });

  test('is taken over by a retry, and left alone once that is merged', async () => {
    const made = await around(unheard);
    await executeStep(made.deps, work);
    await made.events();
    const retry = { ...work, key: `${work.key}-retry` };
    await made.store.accept(retry);
    await executeStep({ ...made.deps, forge: made.memory }, retry);
    expect(made.memory.all()).toHaveLength(1);
    made.memory.merge(GITOPS, 1, 'c0ffee');
    await made.deps.pullRequests.lookAtAll();
    expect((await made.events()).map(({ status }) => status)).toEqual(['open', 'merged']);
    await cancelled(made);
    expect(made.memory.all().map(({ state }) => state)).toEqual(['merged']);
  });
});

test('what cannot be taken back is tried ever less often, told once, and at once where waiting heals nothing', async () => {
  const { deps, logs, repositories, store, waits } = await around();
  repositories.deleteBranch = () => Promise.reject(new GitError('protected branch'));
  await store.claim(CLAIMED, CLAIMED, 9);
  await store.pushing(work.key, { repo: GITOPS, branch: 'b' });
  await store.cancel(work);
  const pauses: number[] = [];
  const hold = store.hold.bind(store);
  store.hold = (key, until) => (pauses.push(until - CLAIMED), hold(key, until));
  for (let times = 0; times < 8; times += 1)
    for (const claimed of await store.claim(CLAIMED + 3_600_000, CLAIMED, 9))
      await executeStep(deps, claimed);
  const minutes = [1, 2, 4, 8, 16, 32, 60, 60];
  expect([pauses, waits]).toEqual([minutes.map((minute) => minute * 60_000), []]);
  expect(logs.filter(({ level }) => level !== 'debug')).toMatchObject([
    { fields: { repo: GITOPS, branch: 'b' } },
  ]);
});
