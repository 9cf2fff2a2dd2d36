import type { AuditContext, AuditEntry } from '@loom/domain';
import { at, definition, Fleet, MIGRATION } from './fleet';
import { key } from './run-answers';
import { useStores, type MakeStores } from './stores-under-test';

const BOB: AuditContext = { actor: { id: 'bob', role: 'operator' }, requestId: 'r', from: '10.0.0.7' };

/** What the writes of every store tell of themselves. */
export function describeAuditEntries(name: string, make: MakeStores): void {
  describe(`${name} audits`, () => {
    const stores = useStores(make);

    /** Runs `act`; the entries that it left, oldest first. */
    async function entriesOf(act: () => Promise<unknown>): Promise<AuditEntry[]> {
      const list = async () => (await stores.audit.list({ migrationId: MIGRATION, limit: 1000 })).rows;
      const before = await list();
      await act();
      const after = await list();
      expect(after.slice(after.length - before.length)).toEqual(before);
      return after.slice(0, after.length - before.length).reverse();
    }
    const one = (action: string, before: unknown, after: unknown, runAttempt?: number) => [
      {
        id: expect.stringMatching(/./) as string,
        at: expect.stringMatching(/Z$/) as string,
        ...BOB,
        action,
        migrationId: MIGRATION,
        candidateId: 'a',
        runId: 'move__a',
        ...(runAttempt === undefined ? {} : { runAttempt }),
        ...(before === undefined ? {} : { before }),
        after,
      },
    ];

    it('an announce that is new or changes something, by its revisions', async () => {
      const announce = (title: string) => stores.migrations.announce(definition({ name: title }), at(0), BOB);
      expect(await entriesOf(() => announce('x'))).toMatchObject([
        { action: 'announce', actor: BOB.actor, migrationId: MIGRATION, after: { revision: 1 } },
      ]);
      expect(await entriesOf(() => announce('x'))).toEqual([]);
      expect(await entriesOf(() => announce('y'))).toMatchObject([
        { action: 'announce', before: { revision: 1 }, after: { revision: 2 } },
      ]);
    });

    it('a submit that changed something, once, with sums and discovery; none where nothing changed', async () => {
      await new Fleet(stores).with();
      const submit = (ids: string[], kind: string) =>
        stores.candidates.submit(
          MIGRATION,
          ids.map((id) => ({ id, kind })),
          at(1),
          { ...BOB, discoveryId: 'nightly' },
        );
      const few = ['a', 'b'];
      expect(await entriesOf(() => submit(few, 'k'))).toMatchObject([
        {
          action: 'submit',
          after: { added: 2, updated: 0, unchanged: 0, preserved: 0, discoveryId: 'nightly' },
        },
      ]);
      expect(await entriesOf(() => submit(few, 'k'))).toEqual([]);
      expect(await entriesOf(() => submit([], 'k'))).toEqual([]);
      const many = Array.from({ length: 130 }, (_, index) => `c${String(index).padStart(3, '0')}`);
      expect(await entriesOf(() => submit([...few, ...many], 'k'))).toMatchObject([
        { action: 'submit', after: { begun: true, candidates: 132, discoveryId: 'nightly' } },
        {
          action: 'submit',
          after: { added: 130, updated: 0, unchanged: 2, preserved: 0, discoveryId: 'nightly' },
        },
      ]);
      expect(await entriesOf(() => submit([...few, ...many], 'k'))).toEqual([]);
      // Changed by a slice in the middle alone, and by the last alone.
      const last = many.length - 1;
      for (const changed of [60, last]) {
        const list = many.map((id, index) => ({ id, kind: index === changed ? `k${changed}` : 'k' }));
        if (changed === last) list[60] = { id: 'c060', kind: 'k60' };
        const entries = await entriesOf(() => stores.candidates.submit(MIGRATION, list, at(2), BOB));
        const begun = changed === last ? [] : [{ after: { begun: true, candidates: 130 } }];
        expect(entries).toMatchObject([...begun, { after: { updated: 1, unchanged: 129 } }]);
      }
    });

    it('queue, change of inputs, execute, dequeue and start, with status, attempt and inputs', async () => {
      const fleet = await new Fleet(stores).with('a');
      const queue = () => fleet.queue('a', { inputs: { x: '1', y: '2' }, by: BOB, ...key('k') });
      const inputs = { x: '1', y: '2' };
      const status = (name: string) => ({ status: name });
      expect(await entriesOf(queue)).toEqual(
        one('queue', status('not_started'), { status: 'queued', inputs }),
      );
      expect(await entriesOf(queue)).toEqual([]);
      expect(await entriesOf(() => fleet.queue('a'))).toEqual([]);
      const merge = () => stores.runs.mergeQueuedInputs(MIGRATION, 'a', { x: '3', z: '4' }, at(3), BOB);
      expect(await entriesOf(merge)).toEqual(
        one('update_inputs', { inputs: { x: '1' } }, { inputs: { x: '3', z: '4' } }),
      );
      const dequeue = () => stores.runs.dequeue(MIGRATION, 'a', at(3), BOB);
      expect(await entriesOf(dequeue)).toEqual(one('dequeue', status('queued'), status('not_started')));
      expect(await entriesOf(dequeue)).toEqual([]);
      await fleet.queue('a');
      const draft = await fleet.draft('a', { from: 'queued', by: BOB, inputs: {} });
      const running = { status: 'running', attempt: 1 };
      expect(await entriesOf(() => stores.runs.reserve(draft))).toEqual(
        one('execute', status('queued'), running, 1),
      );
      expect(await entriesOf(() => stores.runs.reserve(draft))).toEqual([]);
      await fleet.cancel('a');
      await fleet.settle('a');
      const again = await fleet.draft('a', { by: BOB, inputs: { x: '' } });
      expect(await entriesOf(() => stores.runs.reserve(again))).toEqual(
        one('start', status('not_started'), { status: 'running', attempt: 2, inputs: { x: '' } }, 2),
      );
    });

    it('a reservation that is given back', async () => {
      const fleet = await new Fleet(stores).with('a');
      const running = { status: 'running', attempt: 1 };
      const manifest = await fleet.reserve('a');
      const giveBack = () => stores.runs.giveBack(manifest, at(7), BOB);
      expect(await entriesOf(giveBack)).toEqual(one('give_back', running, { status: 'not_started' }, 1));
      expect(await entriesOf(giveBack)).toEqual([]);
    });

    it('a cancel, queued or running, once, and its settlement', async () => {
      const fleet = await new Fleet(stores).with('a');
      const cancel = (reason: string) =>
        stores.runs.cancel({ migrationId: MIGRATION, candidateId: 'a', at: at(9), by: { ...BOB, reason } });
      await fleet.queue('a');
      const [queued] = one('cancel', { status: 'queued' }, { status: 'not_started', attempt: 1 }, 1);
      expect(await entriesOf(() => cancel('no'))).toEqual([{ ...queued, reason: 'no' }]);
      await fleet.run('a');
      const running = { status: 'running', attempt: 2 };
      const [recorded] = one('cancel', running, { ...running, cancelRequested: true }, 2);
      expect(await entriesOf(() => cancel('wrong'))).toEqual([{ ...recorded, reason: 'wrong' }]);
      expect(await entriesOf(() => cancel('again'))).toEqual([]);
      const settle = () =>
        stores.ledger.settleCancel(
          { ...fleet.address('a', 2), at: at(10), fallback: { by: 'temporal', reason: 'outside' } },
          BOB,
        );
      const settled = one('settle_cancel', running, { status: 'not_started', cancelledBy: 'bob' }, 2);
      expect(await entriesOf(settle)).toEqual(settled);
      expect(await entriesOf(settle)).toEqual([]);
    });

    it('a reset, once, with its reason', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      await fleet.complete('a', 1);
      const by = { ...BOB, reason: 'reverted' };
      const reset = () => stores.runs.reset({ migrationId: MIGRATION, candidateId: 'a', at: at(9), by });
      const [entry] = one('reset', { status: 'completed', attempt: 1 }, { status: 'not_started' }, 1);
      expect(await entriesOf(reset)).toEqual([{ ...entry, reason: 'reverted' }]);
      expect(await entriesOf(reset)).toEqual([]);
    });

    it('a settlement of what nobody cancelled here, with the reason of that', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      expect(await entriesOf(() => fleet.settle('a'))).toMatchObject([
        { action: 'settle_cancel', after: { cancelledBy: 'temporal' }, reason: 'outside' },
      ]);
    });

    it('a run that is brought back', async () => {
      const fleet = await new Fleet(stores).with('a');
      const { manifest } = await fleet.draft('a');
      const lost = { manifest: { ...manifest, runAttempt: 3 }, executionId: 'x', by: BOB };
      const view = fleet.view('a', 2, {}, { runAttempt: 3 });
      const restored = one('restore', { status: 'not_started' }, { status: 'running', attempt: 3 }, 3);
      expect(await entriesOf(() => stores.census.restore({ ...lost, view }))).toEqual(restored);
      expect(await entriesOf(() => stores.census.restore({ ...lost, view }))).toEqual([]);
    });

    it('neither what a workflow shows of its run nor what is refused', async () => {
      const fleet = await new Fleet(stores).with('a');
      const entries = await entriesOf(async () => {
        await fleet.dequeue('a');
        await fleet.cancel('a');
        await fleet.cancel('unknown');
      });
      expect(entries).toEqual([]);
      await fleet.reserve('a');
      const silent = async () => {
        await fleet.begin('a');
        await fleet.project('a', 1);
        await fleet.complete('a', 2);
      };
      expect(await entriesOf(silent)).toEqual([]);
    });

    it('neither nonces nor idempotency keys', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.queue('a', { ...key('canary-key', 'canary-print') });
      const draft = await fleet.draft('a', { nonce: 'canary-nonce', ...key('canary-key2', 'canary-print') });
      await stores.runs.reserve(draft);
      await fleet.cancel('a');
      await fleet.settle('a');
      const { rows } = await stores.audit.list({ limit: 100 });
      expect(rows.length).toBeGreaterThan(4);
      expect(JSON.stringify(rows)).not.toContain('canary');
    });
  });
}
