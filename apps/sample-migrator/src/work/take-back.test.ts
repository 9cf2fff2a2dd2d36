import { ForgeError, GitError, type Forge, type Work } from '../ports';
import type { MemoryForge } from '../ports/memory/memory-forge';
import { around, CLAIMED, work } from '../testing/execution';
import { GITOPS } from '../testing/world';
import { cancelRun } from './cancel-run';
import { executeStep } from './execute-step';
import { LATE_MS } from './take-back';

type Made = Awaited<ReturnType<typeof around>>;

/** A minute, which the cancel itself has for closing. */
const DUE = CLAIMED + 60_000;
const cancel = ({ store }: Pick<Made, 'store'>): Promise<Work[]> => store.cancel(work, DUE);

/** Executes all that may be claimed then. */
async function executeAt({ store, deps }: Made, now: number): Promise<void> {
  for (const claimed of await store.claim(now, now + 10, 9)) await executeStep(deps, claimed);
}

function nothingIsThere({ memory, repositories }: Made): void {
  expect(memory.all().filter(({ state }) => state === 'open')).toEqual([]);
  expect(repositories.branches(GITOPS)).toEqual(['main']);
}

/** That everything is taken back, and forgotten after one more look. */
async function isOver(made: Made): Promise<void> {
  nothingIsThere(made);
  expect(await cancel(made)).toMatchObject([{ isWithdrawn: true }]);
  await executeAt(made, CLAIMED + LATE_MS - 1);
  expect(await cancel(made)).toHaveLength(1);
  await executeAt(made, DUE + LATE_MS);
  expect(await cancel(made)).toEqual([]);
}

test('cancelled while its pull request is being opened, it takes it back', async () => {
  const made = await around((forge) => ({
    open: async (request) => {
      await cancel(made);
      return forge.open(request);
    },
  }));
  const find = jest.spyOn(made.deps.forge, 'findOpen');
  await executeStep(made.deps, work);
  expect(made.memory.all().map(({ state }) => state)).toEqual(['closed']);
  // Its number is known.
  expect(find).not.toHaveBeenCalled();
  await isOver(made);
});

test('cancelled while its branch is being pushed, it opens nothing', async () => {
  const made = await around();
  const push = made.repositories.push.bind(made.repositories);
  made.repositories.push = async (change) => {
    await cancel(made);
    return push(change);
  };
  await executeStep(made.deps, work);
  expect(made.memory.all()).toEqual([]);
  await isOver(made);
});

test('cancelled while its pull request is being opened by a forge that is away then, it takes it back later', async () => {
  const made = await around((forge) => ({
    open: async (request) => {
      await cancel(made);
      const opened = await forge.open(request);
      forge.fail('the forge gave no answer');
      return opened;
    },
  }));
  await made.store.claim(CLAIMED, CLAIMED + 10, 1);
  await executeStep(made.deps, work);
  expect(made.waits).toEqual([1000, 2000]);
  made.memory.fail(undefined);
  await executeAt(made, CLAIMED + 59_999);
  expect(made.memory.all().map(({ state }) => state)).toEqual(['open']);
  await executeAt(made, CLAIMED + 60_000);
  await isOver(made);
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
      await cancel(made);
      expect(made.repositories.branches(GITOPS)).toHaveLength(2);
      return made;
    };

    test('it takes everything back when its claim has run out', async () => {
      const made = await killed();
      await executeAt(made, CLAIMED + 10);
      expect(await made.events()).toEqual([]);
      await isOver(made);
    });

    test('with a forge that is away it does so later', async () => {
      const made = await killed();
      made.memory.fail('the forge gave no answer');
      await executeAt(made, CLAIMED + 10);
      expect(made.waits).toEqual([1000, 2000]);
      made.memory.fail(undefined);
      await executeAt(made, CLAIMED + 59_999);
      expect(made.repositories.branches(GITOPS)).toHaveLength(2);
      await executeAt(made, CLAIMED + 60_000);
      await isOver(made);
    });
  },
);

test('what lands only after it was taken back is found by one more look', async () => {
  const made = await around();
  await executeStep(made.deps, work);
  await made.events();
  await cancel(made);
  await executeAt(made, DUE);
  nothingIsThere(made);
  // Of a git that outlived its process, and of a forge that was slow.
  const branch = 'loom/app-chart-migration/billing-api/1/disable-sync-prune-dev';
  const snapshot = await made.repositories.snapshot(GITOPS);
  await made.repositories.push({ snapshot, branch, message: 'm', at: '', changes: new Map() });
  await made.memory.open({ repo: GITOPS, branch, base: 'main', title: 't', body: 'b' });
  await executeAt(made, DUE + LATE_MS);
  nothingIsThere(made);
  expect(await cancel(made)).toEqual([]);
});

test('cancelled while a forge that is away keeps it waiting, it deletes its branch and reports nothing', async () => {
  for (const transient of [true, false]) {
    const made = await around(() => ({
      open: async () => {
        await cancel(made);
        throw new ForgeError('the forge gave no answer', transient);
      },
    }));
    await executeStep(made.deps, work);
    expect(await made.events()).toEqual([]);
    await isOver(made);
  }
});

test('cancelled before it pushed, it pushes nothing', async () => {
  const made = await around();
  const push = jest.spyOn(made.repositories, 'push');
  const snapshot = made.repositories.snapshot.bind(made.repositories);
  made.repositories.snapshot = async (repo) => {
    await cancel(made);
    return snapshot(repo);
  };
  await executeStep(made.deps, work);
  expect(push).not.toHaveBeenCalled();
  expect(await made.events()).toEqual([]);
});

test('cancelled before, it does not even read what it would change', async () => {
  const made = await around();
  const snapshot = jest.spyOn(made.repositories, 'snapshot');
  await cancel(made);
  await executeStep(made.deps, work);
  expect(snapshot).not.toHaveBeenCalled();
  expect(made.memory.all()).toEqual([]);
  expect(await made.events()).toEqual([]);
});

describe('a step whose pull request the forge opens, and does not tell us', () => {
  const unheard = (forge: MemoryForge): Partial<Forge> => ({
    open: async (request) => {
      await forge.open(request);
      throw new ForgeError('the forge gave no answer', true);
    },
  });
  const request = { runId: work.runId, runAttempt: 1, candidateId: work.candidate.id, steps: [] };
  const cancelled = ({ deps }: Made) => cancelRun({ ...deps, quiesce: () => Promise.resolve() }, request);

  test('fails, and a cancel closes it after Loom took the failure', async () => {
    const made = await around(unheard);
    await executeStep(made.deps, work);
    expect(await made.events()).toMatchObject([{ status: 'failed' }]);
    expect(await cancelled(made)).toEqual({ closed: 1 });
    await isOver(made);
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
    await executeAt(made, DUE);
    await isOver(made);
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
  const made = await around();
  const { logs, repositories, store, waits } = made;
  let isProtected = true;
  const deleteBranch = repositories.deleteBranch.bind(repositories);
  repositories.deleteBranch = (repo, branch) =>
    isProtected ? Promise.reject(new GitError('protected branch')) : deleteBranch(repo, branch);
  await store.claim(CLAIMED, CLAIMED, 9);
  await store.pushing(work.key, { repo: GITOPS, branch: 'b' });
  await cancel(made);
  const hold = store.hold.bind(store);
  let pauses: number[] = [];
  store.hold = (key, until) => (pauses.push((until - CLAIMED) / 60_000), hold(key, until));
  for (let times = 0; times < 8; times += 1) await executeAt(made, CLAIMED + 3_600_000);
  expect([pauses, waits]).toEqual([[1, 2, 4, 8, 16, 32, 60, 60], []]);
  const told = logs.filter(({ level }) => level !== 'debug');
  expect(told).toMatchObject([{ fields: { repo: GITOPS, branch: 'b' } }]);
  isProtected = false;
  await executeAt(made, CLAIMED + 3_600_000);
  isProtected = true;
  pauses = [];
  await executeAt(made, CLAIMED + 3_600_000);
  expect(pauses).toEqual([1]);
});
