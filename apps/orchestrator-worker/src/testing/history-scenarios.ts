import type { WorkflowHandle } from '@temporalio/client';
import { SIGNALS } from '@loom/domain';
import type { RunSettings } from '../activities';
import { ME, stepOf, type RunHarness } from './run-harness';
import { untilAborted } from './scripted-migrator';

/** One path of a run, played until it ends (or as far as it goes), to be kept as a history. */
export interface HistoryScenario {
  settings?: Partial<RunSettings>;
  play(h: RunHarness): Promise<WorkflowHandle>;
}

const statusOf = (status: string) => (row: Awaited<ReturnType<RunHarness['row']>>) =>
  row.run?.steps[row.run.currentStep]?.status === status;

async function cancel(h: RunHarness, candidateId: string, handle: WorkflowHandle): Promise<void> {
  await h.stores.runs.cancel({
    migrationId: h.migrationId,
    candidateId,
    at: new Date().toISOString(),
    by: { ...ME, reason: 'recorded' },
  });
  await handle.cancel();
  await handle.result();
}

/** Every path by name; the name is that of the file. Add to these, and never change what a name stands for. */
export const HISTORY_SCENARIOS: Record<string, HistoryScenario> = {
  success: {
    async play(h) {
      const { handle } = await h.start('success', ['a', 'b', 'c']);
      await h.report(await h.migrator.dispatchOf('a'), { status: 'completed' });
      const open = await h.migrator.dispatchOf('b');
      await h.report(open, { status: 'open', metadata: { prUrl: 'https://forge.test/acme/app/pull/1' } });
      await h.row('success', statusOf('open'));
      await h.report(open, { status: 'merged', metadata: { commitSha: 'abc' } });
      const review = await h.migrator.dispatchOf('c');
      await h.report(review, { status: 'awaiting_review', metadata: { instructions: 'look' } });
      await h.row('success', statusOf('awaiting_review'));
      await h.report(review, { status: 'completed' });
      await handle.result();
      return handle;
    },
  },
  'failed-then-retried': {
    async play(h) {
      const { handle, manifest } = await h.start('retried', ['a', 'b']);
      await h.report(await h.migrator.dispatchOf('a'), { status: 'failed', reason: 'closed unmerged' });
      await h.row('retried', statusOf('failed'));
      await handle.signal(SIGNALS.updateInputs, {
        runAttempt: manifest.runAttempt,
        inputs: { owner: 'x' },
        by: 'me',
      });
      await handle.signal(SIGNALS.retryStep, { runAttempt: 1, stepName: 'a', attempt: 1, by: 'me' });
      await h.report(await h.migrator.dispatchOf('a', 2), { status: 'completed' });
      await h.report(await h.migrator.dispatchOf('b'), { status: 'completed' });
      await handle.result();
      return handle;
    },
  },
  'cancelled-while-waiting': {
    async play(h) {
      const { handle } = await h.start('waiting', ['a', 'b']);
      await h.report(await h.migrator.dispatchOf('a'), { status: 'open' });
      await h.row('waiting', statusOf('open'));
      await cancel(h, 'waiting', handle);
      return handle;
    },
  },
  'cancelled-while-dispatching': {
    async play(h) {
      h.migrator.answer((_request, signal) => untilAborted(signal));
      const { handle } = await h.start('dispatching', ['a']);
      await h.migrator.dispatchOf('a');
      await h.migrator.arrived(2); // the regular attempt, after the local one ran out of time
      await cancel(h, 'dispatching', handle);
      return handle;
    },
  },
  'cancelled-before-its-first-act': {
    async play(h) {
      const manifest = await h.reserve('early', [stepOf('a')]);
      await h.stores.runs.cancel({
        migrationId: h.migrationId,
        candidateId: 'early',
        at: new Date().toISOString(),
        by: ME,
      });
      const handle = await h.open(manifest);
      await handle.result();
      return handle;
    },
  },
  'cancelled-on-record-only': {
    async play(h) {
      const { handle } = await h.start('recorded', ['a', 'b']);
      const first = await h.migrator.dispatchOf('a');
      const at = new Date().toISOString();
      await h.stores.runs.cancel({ migrationId: h.migrationId, candidateId: 'recorded', at, by: ME });
      await h.report(first, { status: 'completed' });
      await handle.result();
      return handle;
    },
  },
  'timed-out': {
    async play(h) {
      const { handle } = await h.start('late', [stepOf('a', { timeoutSeconds: 1 })]);
      await h.report(await h.migrator.dispatchOf('a'), { status: 'open' });
      await h.row('late', statusOf('failed'));
      await cancel(h, 'late', handle);
      return handle;
    },
  },
  'refused-by-the-migrator': {
    async play(h) {
      h.migrator.answer(() => Promise.resolve({ outcome: 'refused', reason: 'the migrator answered 404' }));
      const { handle } = await h.start('refused', ['a']);
      await h.row('refused', statusOf('failed'));
      await cancel(h, 'refused', handle);
      return handle;
    },
  },
  'dispatched-after-retries': {
    async play(h) {
      h.migrator.answer(() =>
        Promise.resolve(
          h.migrator.dispatched.length < 3
            ? { outcome: 'retry', reason: 'HTTP 503' }
            : { outcome: 'accepted' },
        ),
      );
      const { handle } = await h.start('again', ['a']);
      await h.migrator.arrived(3);
      await h.report(await h.migrator.dispatchOf('a'), { status: 'completed' });
      await handle.result();
      return handle;
    },
  },
  'out-of-dispatch-budget': {
    settings: { dispatchBudgetMs: 1500 },
    async play(h) {
      h.migrator.answer(() => Promise.resolve({ outcome: 'retry', reason: 'HTTP 503' }));
      const { handle } = await h.start('budget', ['a']);
      await h.row('budget', statusOf('failed'));
      await cancel(h, 'budget', handle);
      return handle;
    },
  },
  'held-and-released': {
    async play(h) {
      const { handle } = await h.start('held', ['a', 'b']);
      const first = await h.migrator.dispatchOf('a');
      await h.pause();
      await h.report(first, { status: 'completed' });
      await h.row('held', ({ run }) => run?.heldSince !== undefined);
      await handle.signal(SIGNALS.updateInputs, { runAttempt: 1, inputs: { owner: 'x' }, by: 'me' });
      await h.row('held', ({ run }) => run?.inputs['owner'] === 'x');
      await h.resume();
      await h.report(await h.migrator.dispatchOf('b'), { status: 'completed' });
      await handle.result();
      return handle;
    },
  },
  'continued-as-new': {
    settings: { continueAsNewEvents: 40 },
    async play(h) {
      const { handle } = await h.start('long', ['a', 'b']);
      const first = await h.migrator.dispatchOf('a');
      for (let i = 0; i < 30; i += 1) {
        await h.report(first, { status: 'open', metadata: { n: String(i) }, eventId: `e${i}` });
        await h.row('long', (row) => row.run?.steps[0]?.metadata?.['n'] === String(i));
      }
      await h.report(first, { status: 'merged' });
      await h.report(await h.migrator.dispatchOf('b'), { status: 'completed' });
      await handle.result();
      return handle;
    },
  },
};
