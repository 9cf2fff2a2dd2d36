import type { AuditContext, Migration, MigrationDefinition } from '@loom/domain';
import { decodeCursor, encodeCursor, type CursorScope } from '../cursor';
import type { MigrationStore } from '../migration-store';
import type { Page, PageRequest } from '../page';
import { pausedOf } from '../paused-of';
import { storedDefinition } from '../stored-candidate';
import { newMigration, type MemoryState, type StoredMigration } from './memory-state';

const LIST: CursorScope = { list: 'migrations', of: {}, key: ['text'] };

/** Definitions in the memory of one process. */
export class MemoryMigrationStore implements MigrationStore {
  constructor(private readonly state: MemoryState) {}

  async announce(announced: MigrationDefinition, at: string, by?: AuditContext): Promise<Migration> {
    await Promise.resolve();
    const definition = structuredClone(storedDefinition(announced));
    const known = this.state.migrations.get(definition.id);
    this.state.migratorUrls.set(definition.migratorApp, definition.migratorUrl);
    if (known === undefined) {
      const migration = newMigration(definition, at, this.state.options.streamLength);
      migration.attempts = 'unsettled';
      this.state.settle(migration);
      this.state.migrations.set(definition.id, migration);
      this.state.audit.add(definition.id, 'announce', { after: { revision: 1 } }, by);
      return migrationOf(this.state, migration);
    }
    if (JSON.stringify(known.definition) !== JSON.stringify(definition)) {
      known.definition = definition;
      known.revision += 1;
      known.updatedAt = at;
      const change = { before: { revision: known.revision - 1 }, after: { revision: known.revision } };
      this.state.audit.add(definition.id, 'announce', change, by);
    }
    known.lastAnnouncedAt = at;
    return migrationOf(this.state, known);
  }

  async get(migrationId: string): Promise<Migration | undefined> {
    await Promise.resolve();
    const migration = this.state.migrations.get(migrationId);
    return migration === undefined ? undefined : migrationOf(this.state, migration);
  }

  async list({ limit, cursor }: PageRequest): Promise<Page<Migration>> {
    await Promise.resolve();
    const after = decodeCursor(LIST, cursor)?.[0];
    const ids = [...this.state.migrations.keys()]
      .sort()
      .filter((id) => after === undefined || id > String(after));
    const rows = ids.slice(0, limit).flatMap((id) => {
      const migration = this.state.migrations.get(id);
      return migration === undefined ? [] : [migrationOf(this.state, migration)];
    });
    const last = rows.at(-1);
    return ids.length > limit && last !== undefined
      ? { rows, nextCursor: encodeCursor(LIST, [last.id]) }
      : { rows };
  }

  async migratorUrl(migratorApp: string): Promise<string | undefined> {
    await Promise.resolve();
    return this.state.migratorUrls.get(migratorApp);
  }
}

function migrationOf(state: MemoryState, migration: StoredMigration): Migration {
  const { definition, revision, createdAt, updatedAt, lastAnnouncedAt, counts } = migration;
  const whole = { ...definition, revision, createdAt, updatedAt, lastAnnouncedAt, counts };
  return structuredClone({ ...whole, ...pausedOf(migration.pause, state.pause) });
}
