import { MigrationNotFoundError, type AuditAction, type AuditContext } from '@loom/domain';
import type { Controls, ControlScope, ControlStore } from '../control-store';
import { pauseBy } from '../pause-by';
import type { AuditTold } from './memory-audit';
import type { MemoryState, StoredMigration } from './memory-state';

/** What operators hold back, in the memory of one process. */
export class MemoryControlStore implements ControlStore {
  constructor(private readonly state: MemoryState) {}

  async pause(scope: ControlScope, at: string, by: AuditContext): Promise<void> {
    await Promise.resolve();
    const of = this.of(scope);
    if (of.pause !== undefined) return;
    of.pause = pauseBy(at, by);
    this.tell(of, 'pause', { before: { paused: false }, after: { paused: true } }, by);
  }

  async pauseAgain(migrationId: string, since: string, at: string, by: AuditContext): Promise<void> {
    await Promise.resolve();
    const of = this.of({ migrationId });
    const ends = [of.resumedAt, this.state.resumedAt];
    if (this.state.pause !== undefined || ends.some((end) => end !== undefined && end >= since)) return;
    await this.pause({ migrationId }, at, by);
  }

  async resume(...[scope, at, by]: Parameters<ControlStore['resume']>): Promise<void> {
    await Promise.resolve();
    const of = this.of(scope);
    if (of.pause === undefined) return;
    delete of.pause;
    of.resumedAt = at;
    this.tell(of, 'resume', { before: { paused: true }, after: { paused: false } }, by);
  }

  async limit(...[scope, { maxRunning }, , by]: Parameters<ControlStore['limit']>): Promise<void> {
    await Promise.resolve();
    const of = this.of(scope);
    if (of.maxRunning === maxRunning) return;
    const before = of.maxRunning === undefined ? {} : { before: { maxRunning: of.maxRunning } };
    const after = maxRunning === undefined ? {} : { after: { maxRunning } };
    if (maxRunning === undefined) delete of.maxRunning;
    else of.maxRunning = maxRunning;
    this.tell(of, 'limit', { ...before, ...after }, by);
  }

  async read(): Promise<Controls> {
    await Promise.resolve();
    const { pause, maxRunning } = this.state;
    return {
      ...(pause === undefined ? {} : { paused: { ...pause } }),
      ...(maxRunning === undefined ? {} : { limits: { maxRunning } }),
      running: this.state.running(),
    };
  }

  private tell(
    of: StoredMigration | MemoryState,
    action: AuditAction,
    told: AuditTold,
    by?: AuditContext,
  ): void {
    const migration = 'definition' in of ? of : undefined;
    this.state.audit.add(migration?.definition.id, action, told, by);
    if (migration !== undefined) this.state.emitCounts(migration);
  }

  private of(scope: ControlScope): StoredMigration | MemoryState {
    if (scope === 'all') return this.state;
    const migration = this.state.migrations.get(scope.migrationId);
    if (migration === undefined) throw new MigrationNotFoundError(scope.migrationId);
    return migration;
  }
}
