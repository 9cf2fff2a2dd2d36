import { requireAdmin, type Actor, type AuditContext, type Migration, type RunLimits } from '@loom/domain';
import { releaseHeld, type Controls, type ControlScope } from '@loom/ports';
import type { ServiceDeps } from './deps';
import { migrationOf } from './lookup';

type ControlDeps = Pick<ServiceDeps, 'migrations' | 'controls' | 'held' | 'engine' | 'clock' | 'logger'>;

/** Who asks, with the reason, if there is one. */
type By = AuditContext & { actor: Actor };

/** What operators hold back, for one migration or for all. */
export function createControls(deps: ControlDeps) {
  const { controls, clock } = deps;
  async function resume(scope: ControlScope, by: By): Promise<void> {
    await controls.resume(scope, clock.now(), by);
    void tellHeld(deps, scope);
  }

  return {
    /** @throws MigrationNotFoundError */
    async pauseMigration(migrationId: string, by: By): Promise<Migration> {
      await controls.pause({ migrationId }, clock.now(), by);
      return migrationOf(deps, migrationId);
    },

    /** @throws MigrationNotFoundError */
    async resumeMigration(migrationId: string, by: By): Promise<Migration> {
      await resume({ migrationId }, by);
      return migrationOf(deps, migrationId);
    },

    /** @throws ForbiddenError */
    async pauseAll(by: By): Promise<Controls> {
      requireAdmin(by.actor);
      await controls.pause('all', clock.now(), by);
      return controls.read();
    },

    /** @throws ForbiddenError */
    async resumeAll(by: By): Promise<Controls> {
      requireAdmin(by.actor);
      await resume('all', by);
      return controls.read();
    },

    /** @throws MigrationNotFoundError */
    async limitMigration(migrationId: string, limits: RunLimits, by: By): Promise<Migration> {
      await controls.limit({ migrationId }, limits, clock.now(), by);
      return migrationOf(deps, migrationId);
    },

    /** @throws ForbiddenError */
    async limitAll(limits: RunLimits, by: By): Promise<Controls> {
      requireAdmin(by.actor);
      await controls.limit('all', limits, clock.now(), by);
      return controls.read();
    },

    readControls: (): Promise<Controls> => controls.read(),
  };
}

/** By so much a worker's clock, by which runs are held, may be ahead of this one. */
const CLOCKS_DIFFER_MS = 5000;

/** Beside the request: there may be many, and the reconciliation tells those that this process does not come to. */
async function tellHeld({ held, engine, clock, logger }: ControlDeps, scope: ControlScope): Promise<void> {
  try {
    const before = new Date(Date.parse(clock.now()) + CLOCKS_DIFFER_MS).toISOString();
    await releaseHeld({ held, engine }, { before, ...(scope === 'all' ? {} : scope) });
  } catch (error) {
    logger.warn('held runs could not be told of the end of a pause; the reconciliation tells them', {
      error,
    });
  }
}
