import type { Work, WorkIndex, WorkStore } from '../work-store';

const T0 = Date.parse('2026-01-01T00:00:00.000Z');

/** A unit of work for tests. */
export function someWork(key: string, more: Partial<Work> = {}): Work {
  return {
    key,
    migrationId: 'm',
    runId: 'm__c',
    runAttempt: 1,
    stepName: 's',
    type: 't',
    config: {},
    inputs: {},
    candidate: { id: 'c', steps: [], metadata: {} },
    callbackId: `callback-of-${key}`,
    acceptedAt: new Date(T0).toISOString(),
    ...more,
  };
}

const pushed = { repo: 'acme/x', branch: 'b' };
const pullRequest = { repo: 'acme/x', number: 7, url: 'http://forge/acme/x/pull/7', branch: 'b' };

const byKey = (works: Work[]): Work[] => works.toSorted((a, b) => a.key.localeCompare(b.key));

/** What every WorkStore with its WorkIndex does; `create` gives an empty one. */
export function workStoreContract(name: string, create: () => Promise<WorkStore & WorkIndex>): void {
  describe(`WorkStore: ${name}`, () => {
    let store: WorkStore & WorkIndex;
    beforeEach(async () => {
      store = await create();
    });

    test('a key is taken once, and stays taken after its work is finished', async () => {
      const outcomes = await Promise.all([1, 2, 3].map(() => store.accept(someWork('k'))));
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      await store.finish('k');
      expect(await store.accept(someWork('k'))).toBe(false);
      expect(await store.claim(T0, T0 + 10, 10)).toEqual([]);
    });

    test('work is claimed by one at a time, oldest first, and again when the claim ran out', async () => {
      await store.accept(someWork('b', { acceptedAt: new Date(T0 + 1).toISOString() }));
      await store.accept(someWork('a'));
      expect(await store.claim(T0 + 5, T0 + 100, 1)).toEqual([someWork('a')]);
      expect((await store.claim(T0 + 5, T0 + 100, 9)).map(({ key }) => key)).toEqual(['b']);
      expect(await store.claim(T0 + 99, T0 + 200, 9)).toEqual([]);
      expect(await store.hold('a', T0 + 500)).toBe(true);
      expect((await store.claim(T0 + 101, T0 + 200, 9)).map(({ key }) => key)).toEqual(['b']);
    });

    test('work that waits for a pull request is found by it, and not claimed', async () => {
      await store.accept(someWork('k'));
      expect(await store.await('k', pullRequest)).toBe('waiting');
      const expected = { ...someWork('k'), pullRequest };
      expect(await store.byPullRequest('acme/x', 7)).toEqual(expected);
      expect(await store.byPullRequest('Acme/X', 7)).toEqual(expected);
      expect(await store.byPullRequest('acme/x', 8)).toBeUndefined();
      expect(await store.waiting()).toEqual([expected]);
      expect(await store.claim(T0 + 5, T0 + 6, 9)).toEqual([]);
      expect(await store.hold('k', T0)).toBe(false);
      await store.finish('k');
      expect(await store.byPullRequest('acme/x', 7)).toBeUndefined();
      expect(await store.waiting()).toEqual([]);
      expect(await store.await('k', pullRequest)).toBe('gone');
    });

    test('a later attempt takes over the pull request of an earlier one', async () => {
      await store.accept(someWork('k1'));
      await store.await('k1', pullRequest);
      await store.accept(someWork('k2'));
      await store.await('k2', pullRequest);
      expect((await store.byPullRequest('acme/x', 7))?.key).toBe('k2');
      await store.finish('k1');
      expect((await store.byPullRequest('acme/x', 7))?.key).toBe('k2');
    });

    test('executed work is not claimed again, and still belongs to its run', async () => {
      await store.accept(someWork('k'));
      await store.executed('k');
      expect(await store.claim(T0 + 5, T0 + 6, 9)).toEqual([]);
      expect((await store.cancel(someWork('k'), T0)).map(({ key }) => key)).toEqual(['k']);
    });

    test('another pull request of the same work takes the place of the one before', async () => {
      await store.accept(someWork('k'));
      await store.await('k', pullRequest);
      await store.await('k', { ...pullRequest, number: 8 });
      expect(await store.byPullRequest('acme/x', 7)).toBeUndefined();
      expect((await store.byPullRequest('acme/x', 8))?.key).toBe('k');
    });

    test('a pull request that was opened while its run was cancelled is on record, to be taken back', async () => {
      const run = { runId: 'm__c', runAttempt: 1 };
      await store.accept(someWork('k'));
      await store.pushing('k', pushed);
      await store.claim(T0, T0 + 5, 1);
      await store.cancel(run, T0 + 99);
      expect(await store.await('k', pullRequest)).toBe('cancelled');
      const expected = [{ ...someWork('k'), pushed, pullRequest }];
      // Nobody waits for it.
      expect(await store.waiting()).toEqual([]);
      expect(await store.byPullRequest('acme/x', 7)).toBeUndefined();
      expect(await store.claim(T0 + 5, T0 + 6, 9)).toEqual(expected);
      expect(await store.cancel(run, T0)).toEqual(expected);
      await store.finish('k');
      expect(await store.claim(T0 + 9, T0 + 10, 9)).toEqual([]);
    });

    test('what is about to be pushed is on record before, and nothing is pushed for a cancelled run', async () => {
      await store.accept(someWork('k'));
      expect(await store.pushing('k', pushed)).toBe(true);
      expect(await store.claim(T0, T0 + 5, 1)).toEqual([{ ...someWork('k'), pushed }]);
      await store.await('k', pullRequest);
      expect(await store.waiting()).toEqual([{ ...someWork('k'), pushed, pullRequest }]);
      await store.cancel(someWork('k'), T0);
      expect(await store.pushing('k', pushed)).toBe(false);
      await store.finish('k');
      expect(await store.pushing('k', pushed)).toBe(false);
      expect(await store.cancel(someWork('k'), T0)).toEqual([]);
    });

    test('of a cancelled run, what may have pushed is claimed, after whoever holds it, or else when it is due', async () => {
      for (const key of ['held', 'executed', 'opened']) {
        await store.accept(someWork(key));
        await store.pushing(key, pushed);
      }
      await store.claim(T0, T0 + 50, 9);
      await store.executed('executed');
      await store.await('opened', pullRequest);
      await store.accept(someWork('never', { acceptedAt: new Date(T0 + 5).toISOString() }));
      const keys = async (now: number) => byKey(await store.claim(now, now + 20, 9)).map(({ key }) => key);
      await store.cancel(someWork('k'), T0 + 5);
      expect(await store.waiting()).toEqual([]);
      expect(await keys(T0 + 4)).toEqual([]);
      // That it pushed nothing is for whoever claims it.
      expect(await keys(T0 + 5)).toEqual(['executed', 'never', 'opened']);
      await store.finish('never');
      expect(await store.hold('held', T0 + 60)).toBe(true);
      // A repeat of the cancel takes it from nobody.
      await store.cancel(someWork('k'), T0);
      expect(await keys(T0 + 10)).toEqual([]);
      await store.finish('executed');
      await store.finish('opened');
      expect(await keys(T0 + 59)).toEqual([]);
      expect(await keys(T0 + 60)).toEqual(['held']);
    });

    test('what was taken back is claimed once more, by its branch alone', async () => {
      await store.accept(someWork('k'));
      await store.pushing('k', pushed);
      await store.await('k', pullRequest);
      await store.cancel(someWork('k'), T0);
      await store.withdrawn('k', T0 + 50);
      const expected = [{ ...someWork('k'), pushed, isWithdrawn: true }];
      expect(await store.claim(T0 + 49, T0 + 99, 9)).toEqual([]);
      expect(await store.cancel(someWork('k'), T0)).toEqual(expected);
      // An execution that still renews its claim pulls it no nearer.
      expect(await store.hold('k', T0 + 6)).toBe(true);
      expect(await store.claim(T0 + 49, T0 + 99, 9)).toEqual([]);
      expect(await store.claim(T0 + 50, T0 + 99, 9)).toEqual(expected);
      await store.finish('k');
      await store.withdrawn('k', T0);
      expect(await store.claim(T0 + 99, T0 + 199, 9)).toEqual([]);
      expect(await store.cancel(someWork('k'), T0)).toEqual([]);
    });

    test('settled work that pushed nothing is forgotten', async () => {
      await store.accept(someWork('k'));
      await store.executed('k');
      await store.settle('k');
      expect(await store.cancel(someWork('k'), T0)).toEqual([]);
    });

    test('settled work that pushed does and waits for nothing more, until its run is cancelled', async () => {
      for (const key of ['failed', 'opened']) {
        await store.accept(someWork(key));
        await store.pushing(key, pushed);
      }
      await store.executed('failed');
      await store.await('opened', pullRequest);
      for (const key of ['failed', 'opened']) {
        await store.settle(key);
        // What comes late of another execution changes nothing.
        expect(await store.pushing(key, { ...pushed, branch: 'other' })).toBe(false);
        expect(await store.await(key, pullRequest)).toBe('settled');
        expect(await store.hold(key, T0)).toBe(false);
      }
      expect(await store.waiting()).toEqual([]);
      expect(await store.byPullRequest('acme/x', 7)).toBeUndefined();
      expect(await store.claim(T0 + 5, T0 + 6, 9)).toEqual([]);
      const expected = ['failed', 'opened'].map((key) => ({ ...someWork(key), pushed }));
      expect(byKey(await store.cancel(someWork('k'), T0 + 5))).toEqual(expected);
      expect(byKey(await store.claim(T0 + 5, T0 + 9, 9))).toEqual(expected);
      expect(await store.hold('failed', T0 + 20)).toBe(true);
      await store.finish('failed');
      expect(await store.cancel(someWork('k'), T0)).toEqual([expected[1]]);
      expect(await store.await('opened', pullRequest)).toBe('cancelled');
      await store.finish('opened');
      expect(await store.cancel(someWork('k'), T0)).toEqual([]);
    });

    test('what a settled attempt pushed does not keep a later one from its pull request', async () => {
      await store.accept(someWork('k1'));
      await store.pushing('k1', pushed);
      await store.await('k1', pullRequest);
      await store.accept(someWork('k2'));
      await store.pushing('k2', pushed);
      expect(await store.await('k2', pullRequest)).toBe('waiting');
      await store.settle('k1');
      expect((await store.byPullRequest('acme/x', 7))?.key).toBe('k2');
      expect((await store.waiting()).map(({ key }) => key)).toEqual(['k2']);
    });

    test('of a cancelled run, what pushed is still to be taken back after it was executed and settled', async () => {
      for (const key of ['failed', 'opened', 'nothing']) await store.accept(someWork(key));
      for (const key of ['failed', 'opened']) await store.pushing(key, pushed);
      await store.claim(T0, T0 + 5, 9);
      await store.await('opened', pullRequest);
      await store.cancel(someWork('k'), T0);
      for (const key of ['failed', 'nothing']) await store.executed(key);
      for (const key of ['failed', 'opened', 'nothing']) await store.settle(key);
      expect(byKey(await store.claim(T0 + 5, T0 + 6, 9)).map(({ key }) => key)).toEqual(['failed', 'opened']);
      expect(byKey(await store.cancel(someWork('k'), T0)).map(({ key }) => key)).toEqual([
        'failed',
        'opened',
      ]);
    });

    test('a cancelled run attempt starts nothing more; the next attempt does', async () => {
      await store.accept(someWork('k1'));
      await store.accept(someWork('k2'));
      await store.accept(someWork('other', { runId: 'm__d' }));
      await store.await('k2', pullRequest);
      const run = { runId: 'm__c', runAttempt: 1 };
      expect(await store.isCancelled(run)).toBe(false);
      const works = await store.cancel(run, T0);
      expect(works.map(({ key, pullRequest: pr }) => [key, pr?.number]).sort()).toEqual([
        ['k1', undefined],
        ['k2', 7],
      ]);
      expect(await store.isCancelled(run)).toBe(true);
      expect(await store.accept(someWork('k3'))).toBe(false);
      expect(await store.pushing('k1', pushed)).toBe(false);
      expect(await store.await('k1', pullRequest)).toBe('cancelled');
      expect(await store.accept(someWork('k4', { runAttempt: 2 }))).toBe(true);
    });
  });
}
