import type { Client } from '@temporalio/client';
import { waitUntil } from '@loom/dev-stack';

const LIMIT_MS = 300_000;
const EVERY_MS = 200;
const AT_ONCE = 16;

/** Waits until no execution of these workflow ids is open, by Temporal's own word and not by its list. */
export async function untilClosed({ workflow }: Client, ids: readonly string[]): Promise<void> {
  const left = [...ids];
  const lane = async (): Promise<void> => {
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      const handle = workflow.getHandle(id);
      const isClosed = async (): Promise<boolean> => (await handle.describe()).status.name !== 'RUNNING';
      await waitUntil(`the end of ${id}`, isClosed, { timeoutMs: LIMIT_MS, everyMs: EVERY_MS });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

const LOOKED_AT = 20;

/** Events in the histories of some of these runs, on average. */
export async function eventsARun({ workflow }: Client, ids: readonly string[]): Promise<number> {
  const some = ids.slice(-LOOKED_AT);
  const lengths = await Promise.all(
    some.map(async (id) => (await workflow.getHandle(id).describe()).historyLength),
  );
  return lengths.reduce((sum, one) => sum + one, 0) / Math.max(1, some.length);
}
