import type { MigrationStore } from '@loom/ports';

/** The migration's own migrator by its newest announce; another app by whichever migration announced it last. */
export async function resolveUrl(
  migrations: MigrationStore,
  migrationId: string,
  app: string,
): Promise<string | undefined> {
  const migration = await migrations.get(migrationId);
  return migration?.migratorApp === app ? migration.migratorUrl : await migrations.migratorUrl(app);
}
