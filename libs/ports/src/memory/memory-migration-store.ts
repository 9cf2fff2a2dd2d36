import {
  MigrationNotFoundError,
  noCounts,
  type AuditContext,
  type Migration,
  type MigrationDefinition,
} from '@loom/domain';
import { archivedBy } from '../archived-by';
import { decodeCursor, encodeCursor, type CursorScope } from '../cursor';
import type { MigrationQuery, MigrationStore } from '../migration-store';
import type { Page } from '../page';
import { pausedOf } from '../paused-of';
import { storedDefinition } from '../stored-candidate';
import { unarchive } from './memory-archive';
import type { MemoryState, StoredMigration } from './memory-state';
import { MemoryStream } from './memory-stream';
import { MemoryTally } from './memory-tally';

/** Cursors of the one list mean nothing in the other. */
const LIST: CursorScope = { list: 'migrations', of: {}, key: ['text'] };
const ARCHIVED: CursorScope = { ...LIST, of: { archived: true } };

/** Definitions in the memory of one process. */
export class MemoryMigrationStore implements MigrationStore {
  constructor(private readonly state: MemoryState) {}

  async announce(announced: MigrationDefinition, at: string, by?: AuditContext): Promise<Migration> {
    await Promise.resolve();
    const definition = structuredClone(storedDefinition(announced));
    const known = this.state.migrations.get(definition.id);
    this.hear(definition, at);
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

  async list({ limit, cursor, archived = false }: MigrationQuery): Promise<Page<Migration>> {
    await Promise.resolve();
    const list = archived ? ARCHIVED : LIST;
    const after = decodeCursor(list, cursor)?.[0];
    const ids = [...this.state.migrations]
      .filter(
        ([id, one]) =>
          (one.archived !== undefined) === archived && (after === undefined || id > String(after)),
      )
      .map(([id]) => id)
      .sort();
    const rows = ids.slice(0, limit).flatMap((id) => {
      const migration = this.state.migrations.get(id);
      return migration === undefined ? [] : [migrationOf(this.state, migration)];
    });
    const last = rows.at(-1);
    return ids.length > limit && last !== undefined
      ? { rows, nextCursor: encodeCursor(list, [last.id]) }
      : { rows };
  }

  async archive(migrationId: string, at: string, by: AuditContext): Promise<'archived' | 'in_use'> {
    await Promise.resolve();
    const migration = this.known(migrationId);
    if (migration.archived !== undefined) return 'archived';
    if (migration.counts.queued + migration.counts.running > 0) return 'in_use';
    migration.archived = archivedBy(at, by);
    const change = { before: { archived: false }, after: { archived: true } };
    this.state.audit.add(migrationId, 'archive', change, by);
    this.state.emitCounts(migration);
    return 'archived';
  }

  async unarchive(migrationId: string, _at: string, by?: AuditContext): Promise<void> {
    await Promise.resolve();
    const migration = this.known(migrationId);
    if (unarchive(this.state, migration, by)) this.state.emitCounts(migration);
  }

  async migratorUrl(migratorApp: string): Promise<string | undefined> {
    await Promise.resolve();
    return this.state.migratorUrls.get(migratorApp);
  }

  /** The app is there, and where. */
  private hear({ migratorApp, migratorUrl }: MigrationDefinition, at: string): void {
    const { migratorUrls, announcedAt, unreachable } = this.state;
    migratorUrls.set(migratorApp, migratorUrl);
    if (at > (announcedAt.get(migratorApp) ?? '')) unreachable.delete(migratorApp);
    announcedAt.set(migratorApp, at);
  }

  private known(migrationId: string): StoredMigration {
    const migration = this.state.migrations.get(migrationId);
    if (migration === undefined) throw new MigrationNotFoundError(migrationId);
    return migration;
  }
}

function migrationOf(state: MemoryState, migration: StoredMigration): Migration {
  const { definition, revision, createdAt, updatedAt, lastAnnouncedAt, counts, maxRunning } = migration;
  const whole = { ...definition, revision, createdAt, updatedAt, lastAnnouncedAt, counts };
  const { archived } = migration;
  const migratorUnreachable = state.unreachable.get(definition.migratorApp);
  if (archived !== undefined) Object.assign(whole, { archived });
  if (maxRunning !== undefined) Object.assign(whole, { limits: { maxRunning } });
  if (migratorUnreachable !== undefined) Object.assign(whole, { migratorUnreachable });
  return structuredClone({ ...whole, ...pausedOf(migration.pause, state.pause) });
}

function newMigration(definition: MigrationDefinition, at: string, streamLength: number): StoredMigration {
  return {
    definition,
    revision: 1,
    createdAt: at,
    updatedAt: at,
    lastAnnouncedAt: at,
    candidates: new Map(),
    counts: noCounts(),
    discoveries: new Map(),
    removed: new Map(),
    indexedKeys: [],
    cancelled: [],
    ended: new Map(),
    idempotency: new Map(),
    stream: new MemoryStream(streamLength),
    tally: new MemoryTally(),
  };
}
