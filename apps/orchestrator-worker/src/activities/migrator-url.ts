import type { MigrationStore } from '@loom/ports';

/** Where a step is sent to, and whether it may be. */
export interface Target {
  url: string | undefined;
  /** Dispatch of the migration, or of all, is paused. */
  isPaused: boolean;
}

/** The migration's own migrator by its newest announce; another app by whichever migration announced it last. */
export async function resolveTarget(
  migrations: MigrationStore,
  migrationId: string,
  app: string,
): Promise<Target> {
  const migration = await migrations.get(migrationId);
  const isPaused = migration?.paused !== undefined;
  const url = migration?.migratorApp === app ? migration.migratorUrl : await migrations.migratorUrl(app);
  return { url, isPaused };
}
