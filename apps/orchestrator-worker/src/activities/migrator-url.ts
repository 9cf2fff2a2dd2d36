import type { Unreachable } from '@loom/domain';
import type { Stores } from '@loom/ports';

/** Where a step is sent to, and whether it may be. */
export interface Target {
  url: string | undefined;
  /** What is noted of its app; read with the URL. */
  unreachable: Unreachable | undefined;
  /** Dispatch of the migration, or of all, is paused. */
  isPaused: boolean;
}

/** The migration's own migrator by its newest announce; another app by whichever migration announced it last. */
export async function resolveTarget(
  { migrations, reach }: Pick<Stores, 'migrations' | 'reach'>,
  migrationId: string,
  app: string,
): Promise<Target> {
  const migration = await migrations.get(migrationId);
  const isPaused = migration?.paused !== undefined;
  if (migration?.migratorApp === app)
    return { url: migration.migratorUrl, unreachable: migration.migratorUnreachable, isPaused };
  const [url, unreachable] = await Promise.all([migrations.migratorUrl(app), reach.of(app)]);
  return { url, unreachable, isPaused };
}
