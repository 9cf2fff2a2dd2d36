import type { WorkflowHandle } from '@temporalio/client';
import type { DispatchOutcome } from '@loom/ports';
import { ME, stepOf, type RunHarness } from '../testing/run-harness';
import { current, useRunHarness } from '../testing/use-run-harness';

let h: RunHarness;
const { renew } = useRunHarness((harness) => (h = harness));

const STEPS = 41;
/** Above what a dispatch within a workflow task may take: then it is sent by an activity that carries the view. */
const SLOW_MS = 2500;

/** A run whose migrator has said about all that it may of every step but the last one, which it takes its time to take. */
async function talkative(candidateId: string): Promise<WorkflowHandle> {
  const steps = Array.from({ length: STEPS }, (_, i) => `s${String(i)}`);
  const { handle } = await h.start(
    candidateId,
    steps.map((name) => stepOf(name)),
  );
  for (const name of steps.slice(0, -1)) {
    const request = await h.migrator.dispatchOf(name);
    if (name === steps.at(-2)) {
      h.migrator.answer(
        () => new Promise<DispatchOutcome>((answer) => setTimeout(answer, SLOW_MS, { outcome: 'accepted' })),
      );
    }
    await h.report(request, { status: 'completed', reason: 'x'.repeat(60_000) });
  }
  return handle;
}

describe('a run of which its migrator has said 2.4 MB', () => {
  it('goes on: what is sent of it stays below what Temporal takes', async () => {
    const handle = await talkative('why');
    await h.migrator.arrived(STEPS + 1); // the activity's own, after the local one ran out of time
    const last = await h.migrator.dispatchOf(`s${String(STEPS - 1)}`);
    await h.report(last, { status: 'completed' });
    await handle.result();
    const { status, run } = await h.row('why', () => true);
    expect(status).toBe('completed');
    expect(run?.steps[0]?.reason).toMatch(/^x{4000,}…$/);
  }, 60_000);

  it('can be cancelled: it ends, and the candidate can be started again', async () => {
    const handle = await talkative('stop');
    await h.migrator.arrived(STEPS + 1);
    const at = new Date().toISOString();
    await h.stores.runs.cancel({ migrationId: h.migrationId, candidateId: 'stop', at, by: ME });
    await handle.cancel();
    await handle.result();
    expect((await h.row('stop', () => true)).status).toBe('not_started');
    const { rows } = await h.stores.reader.cancelledAttempts(h.migrationId, { limit: 10 });
    expect(rows).toHaveLength(1);
    expect(h.migrator.cancelled).toMatchObject([{ steps: { length: STEPS } }]);
  }, 60_000);

  it('goes on in a new execution', async () => {
    await renew({ continueAsNewEvents: 50 });
    const handle = await talkative('long');
    const last = await h.migrator.dispatchOf(`s${String(STEPS - 1)}`);
    for (const n of [1, 2, 3]) {
      await h.report(last, { status: 'open', metadata: { n: String(n) } });
      await h.row(
        'long',
        (row) => current('open')(row) && row.run?.steps.at(-1)?.metadata?.['n'] === String(n),
      );
    }
    await h.report(last, { status: 'completed' });
    await handle.result();
    const { raw } = await handle.describe();
    expect(raw.workflowExecutionInfo?.firstRunId).not.toBe(raw.workflowExecutionInfo?.execution?.runId);
    expect((await h.row('long', () => true)).status).toBe('completed');
  }, 60_000);
});
