import type { HeldRun } from './held-runs';
import { releaseHeld } from './release-held';

const BEFORE = '2026-01-01T00:00:00.000Z';

/** `count` held runs, none of which goes on; `fails` says which cannot be told. */
function world(count: number, fails: (runId: string) => boolean = () => false) {
  const runs = Array.from({ length: count }, (_, i): HeldRun => {
    const candidateId = `c${String(i).padStart(4, '0')}`;
    return { runId: `m__${candidateId}`, migrationId: 'm', candidateId, runAttempt: 1 };
  });
  const done = new Set<string>();
  const signalled: string[] = [];
  let most = 0;
  let open = 0;
  const held = {
    due: (_before: string, limit: number) =>
      Promise.resolve(runs.filter(({ runId }) => !done.has(runId)).slice(0, limit)),
    told: (told: readonly HeldRun[]) => {
      for (const { runId } of told) done.add(runId);
      return Promise.resolve();
    },
  };
  const engine = {
    async signal(runId: string) {
      open += 1;
      most = Math.max(most, open);
      await Promise.resolve();
      open -= 1;
      if (fails(runId)) throw new Error(`no ${runId}`);
      signalled.push(runId);
      return true;
    },
  };
  return { deps: { held, engine }, signalled, mostAtOnce: () => most, left: () => count - done.size };
}

it('tells each held run once, in batches, few at the same time', async () => {
  const { deps, signalled, mostAtOnce } = world(450);
  expect(await releaseHeld(deps, { before: BEFORE })).toBe(450);
  expect(new Set(signalled).size).toBe(450);
  expect(signalled).toHaveLength(450);
  expect(mostAtOnce()).toBeLessThanOrEqual(20);
});

it('tells the others of a batch where one cannot be told, and leaves that one listed', async () => {
  const { deps, signalled, left } = world(30, (runId) => runId === 'm__c0003');
  await expect(releaseHeld(deps, { before: BEFORE })).rejects.toThrow('no m__c0003');
  expect(signalled).toHaveLength(29);
  expect(left()).toBe(1);
});

it('ends early when its time is over', async () => {
  const { deps, left } = world(450);
  let asked = 0;
  expect(await releaseHeld(deps, { before: BEFORE, isOver: () => (asked += 1) > 1 })).toBe(200);
  expect(left()).toBe(250);
});
