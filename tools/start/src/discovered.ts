import { setTimeout as pause } from 'node:timers/promises';
import type { LoomClient } from '@loom/api-types';
import { DevStackError } from '@loom/dev-stack';
import type { ProgressDisplay } from './progress-line';

export const MIGRATION_ID = 'app-chart-migration';

/** Discovery clones one repository and asks for each application's; far below this. */
const DISCOVERY_LIMIT_MS = 120_000;
/** Each is a line in the api's log. */
const ASK_EVERY_MS = 1000;

/** Waits until the migrator has announced itself and found `applications`, and shows how far it is. */
export async function untilDiscovered(
  loom: LoomClient,
  applications: number,
  progress: Pick<ProgressDisplay, 'show' | 'done'>,
): Promise<number> {
  const end = Date.now() + DISCOVERY_LIMIT_MS;
  let total = 0;
  while (Date.now() < end) {
    const migration = await loom.migrations.getMigration({ id: MIGRATION_ID }).catch(() => undefined);
    total = migration?.counts.total ?? 0;
    const line = `${total} of ${applications} candidates discovered`;
    if (total >= applications) {
      progress.done(line);
      return total;
    }
    progress.show(line);
    await pause(ASK_EVERY_MS);
  }
  throw new DevStackError(
    `the migrator found ${total} of ${applications} applications in two minutes; its log says more`,
  );
}
