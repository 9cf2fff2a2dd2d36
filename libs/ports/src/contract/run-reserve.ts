import { plannedSteps } from '@loom/domain';
import { at, definition, Fleet } from './fleet';
import { CHANGED, REPEATED, key } from './run-answers';
import { NO_VERSION } from '../run-store';
import { useStores, type MakeStores } from './stores-under-test';

/** How every RunStore reserves. */
export function describeReserve(make: MakeStores): void {
  describe('reserve', () => {
    const stores = useStores(make);

    it('makes a not_started candidate running with attempt 1 and the whole plan', async () => {
      const fleet = await new Fleet(stores).with('a');
      const draft = await fleet.draft('a', { inputs: { team: 'x' } });
      const manifest = { ...draft.manifest, runAttempt: 1 };
      expect(await stores.runs.reserve(draft)).toEqual({ outcome: 'reserved', manifest });
      expect(await stores.reader.manifest('move', 'a')).toEqual(manifest);
      expect(await fleet.row('a')).toEqual({
        candidate: { id: 'a' },
        status: 'running',
        updatedAt: at(4),
        run: {
          runId: 'move__a',
          migrationId: 'move',
          candidateId: 'a',
          status: 'running',
          attempt: 1,
          inputs: { team: 'x' },
          startedAt: at(4),
          updatedAt: at(4),
          seq: 0,
          steps: plannedSteps(definition()),
          currentStep: 0,
          nonce: 'nonce-a',
        },
      });
    });

    it('takes a queued one for both, a not_started one only for a start', async () => {
      const fleet = await new Fleet(stores).with('a', 'b');
      await fleet.queue('a', { inputs: { team: 'x' } });
      await fleet.reserve('a', { from: 'queued' });
      expect((await fleet.row('a')).run).toMatchObject({
        queuedAt: at(2),
        inputs: { team: 'x' },
        attempt: 1,
      });
      const refused = await stores.runs.reserve(await fleet.draft('b', { from: 'queued' }));
      expect(refused).toEqual({ outcome: 'refused', because: 'status' });
    });

    it('refuses running and completed ones, telling the run', async () => {
      const fleet = await new Fleet(stores).with('a');
      const draft = await fleet.draft('a');
      await fleet.run('a');
      const { run } = await fleet.row('a');
      expect(await stores.runs.reserve(draft)).toEqual({ outcome: 'refused', because: 'status', run });
      await fleet.complete('a', 1);
      expect(await stores.runs.reserve(draft)).toMatchObject({
        because: 'status',
        run: { status: 'completed' },
      });
    });

    it('refuses what is unknown', async () => {
      const fleet = await new Fleet(stores).with('a');
      const draft = await fleet.draft('a');
      const other = { ...draft, manifest: { ...draft.manifest, candidate: { id: 'b' } } };
      expect(await stores.runs.reserve(other)).toEqual({ outcome: 'refused', because: 'unknown' });
      const elsewhere = { ...draft, manifest: { ...draft.manifest, migrationId: 'nothing' } };
      expect(await stores.runs.reserve(elsewhere)).toEqual({ outcome: 'refused', because: 'unknown' });
    });

    it('refuses when definition, candidate or queued inputs changed since they were read', async () => {
      const fleet = await new Fleet(stores).with('a');
      const first = await fleet.draft('a');
      await fleet.submit({ id: 'a', kind: 'k' });
      expect(await stores.runs.reserve(first)).toEqual(CHANGED);
      const second = await fleet.draft('a');
      await stores.migrations.announce(definition({ steps: [] }), at(3));
      expect(await stores.runs.reserve(second)).toEqual(CHANGED);
      await fleet.queue('a', { inputs: { x: '1' } });
      const third = await fleet.draft('a');
      await stores.runs.mergeQueuedInputs('move', 'a', { x: '2' }, at(3));
      expect(await stores.runs.reserve(third)).toEqual(CHANGED);
      expect((await fleet.row('a')).status).toBe('queued');
      expect((await fleet.reserve('a')).inputs).toEqual({ x: '2' });
    });

    it('lets exactly one of 50 at once through', async () => {
      const fleet = await new Fleet(stores).with('a');
      const draft = await fleet.draft('a');
      const results = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          stores.runs.reserve({ ...draft, manifest: { ...draft.manifest, nonce: `n${index}` } }),
        ),
      );
      const won = results.flatMap((result) => (result.outcome === 'reserved' ? [result.manifest.nonce] : []));
      expect(won).toHaveLength(1);
      expect((await fleet.row('a')).run).toMatchObject({ attempt: 1, nonce: won[0] });
      expect((await fleet.list()).counts).toMatchObject({ running: 1, not_started: 0, total: 1 });
    });

    it('never uses an attempt number again, also not after cancels, give-backs and new discovery', async () => {
      const fleet = await new Fleet(stores).with('a');
      expect((await fleet.runAndCancel('a')).runAttempt).toBe(1);
      const second = await fleet.reserve('a');
      expect(await stores.runs.giveBack(second, at(7))).toBe(true);
      await fleet.submit({ id: 'a', kind: 'again' });
      await fleet.queue('a');
      await fleet.cancel('a');
      expect((await fleet.reserve('a')).runAttempt).toBe(4);
    });

    it('keeps the manifest as it was: empty lists, odd keys, large numbers', async () => {
      const fleet = await new Fleet(stores).with();
      await fleet.submit({ id: 'a', steps: [], files: [], metadata: {}, state: { '1e5': '00' } });
      const steps = [
        { name: 'x', migratorApp: 'm', files: [], config: {}, timeoutSeconds: 9_007_199_254_740_991 },
      ];
      const draft = await fleet.draft('a');
      const manifest = { ...draft.manifest, steps, inputs: {} };
      await stores.runs.reserve({ ...draft, manifest });
      expect(await stores.reader.manifest('move', 'a')).toEqual({ ...manifest, runAttempt: 1 });
    });

    it('repeats its answer for the same key, and refuses the key for something else', async () => {
      const fleet = await new Fleet(stores).with('a', 'b');
      const draft = await fleet.draft('a', key('k'));
      await stores.runs.reserve(draft);
      expect(await stores.runs.reserve(draft)).toEqual(REPEATED);
      const probe = { ...draft, candidateVersion: NO_VERSION };
      expect(await stores.runs.reserve(probe)).toEqual(REPEATED);
      const other = await fleet.draft('b', key('k', 'other'));
      expect(await stores.runs.reserve(other)).toEqual({
        outcome: 'refused',
        because: 'idempotency_mismatch',
      });
      await fleet.begin('a');
      await fleet.cancel('a');
      await fleet.settle('a');
      expect(await stores.runs.reserve(draft)).toEqual(REPEATED);
    });

    it('only looks the key up with a version that no candidate has', async () => {
      const fleet = await new Fleet(stores).with('a');
      const draft = await fleet.draft('a', { ...key('k'), candidateVersion: NO_VERSION });
      expect(await stores.runs.reserve(draft)).toEqual(CHANGED);
      expect((await fleet.row('a')).status).toBe('not_started');
    });
  });
}
