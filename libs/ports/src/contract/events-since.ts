import type { ChangeEvent, StreamScope } from '../event-stream';
import type { Stores } from '../stores';

export const MOVE = { migrationId: 'move' };

/** A reader that does not give up. */
export const never = () => new AbortController().signal;

/** Events after `position`, without waiting. */
export async function eventsSince(
  stores: Stores,
  scope: StreamScope,
  position: string,
): Promise<ChangeEvent[]> {
  const batch = await stores.events.read(scope, position, { limit: 1000, waitMs: 0, signal: never() });
  return batch.entries.map(({ event }) => event);
}
