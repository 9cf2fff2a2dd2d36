import type { Client } from '@temporalio/client';
import { createTemporalEngine } from './temporal-engine';
import { event } from './testing/manifest';

it('sends one message at a time to a run, in order, and to different runs beside each other', async () => {
  const underWay: string[] = [];
  const sent: string[] = [];
  let most = 0;
  const getHandle = (runId: string) => ({
    signal: async (): Promise<void> => {
      expect(underWay).not.toContain(runId);
      underWay.push(runId);
      most = Math.max(most, underWay.length);
      await new Promise(setImmediate);
      underWay.splice(underWay.indexOf(runId), 1);
      sent.push(runId);
    },
  });
  const withDeadline = (_: number, call: () => Promise<unknown>): Promise<unknown> => call();
  const client = { connection: { withDeadline }, workflow: { getHandle } } as unknown as Client;
  const engine = createTemporalEngine({ client });
  const runs = ['a', 'b', 'a', 'a', 'b'];
  expect(await Promise.all(runs.map((runId) => engine.signal(runId, event('open'))))).toEqual(
    runs.map(() => true),
  );
  expect(sent).toEqual(['a', 'b', 'a', 'b', 'a']);
  expect(most).toBe(2);
});
