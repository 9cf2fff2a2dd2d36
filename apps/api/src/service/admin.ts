import {
  MigrationNotFoundError,
  ReconciliationNotFoundError,
  requireAdmin,
  type Actor,
  type AuditContext,
} from '@loom/domain';
import type { Reconciliation } from '@loom/ports';
import type { ServiceDeps } from './deps';

/** How long a caller waits for a reconciliation; its second look alone comes after five seconds. */
const WAIT_MS = 10_000;

/** How the store stands, as far as it knows itself. */
export interface ReconcileStatus {
  store: 'sound' | 'lost';
  lostAt?: string;
  waiting: number;
  reconciliation?: Reconciliation;
}

/** What keeps the store and the engine together, for admins. */
export function createAdmin({
  reconciler,
  recovery,
  migrations,
}: Pick<ServiceDeps, 'reconciler' | 'recovery' | 'migrations'>) {
  return {
    async reconcile(by: Actor): Promise<Reconciliation> {
      requireAdmin(by);
      return reconciler.run(WAIT_MS);
    },

    async reconcileStatus(by: Actor): Promise<ReconcileStatus> {
      requireAdmin(by);
      const [{ id, lostAt }, { total }, reconciliation] = await Promise.all([
        recovery.identity(),
        recovery.waiting(1),
        reconciler.find(),
      ]);
      return {
        store: id === undefined ? 'lost' : 'sound',
        ...(lostAt === undefined ? {} : { lostAt }),
        waiting: total,
        ...(reconciliation === undefined ? {} : { reconciliation }),
      };
    },

    /** @throws ReconciliationNotFoundError */
    async reconciliation(id: string, by: Actor): Promise<Reconciliation> {
      requireAdmin(by);
      const found = await reconciler.find(id);
      if (found === undefined) throw new ReconciliationNotFoundError();
      return found;
    },

    /** Answers of how many migrations it was. @throws MigrationNotFoundError */
    async acceptLostAttempts(
      { migrationId, firstAttempt }: { migrationId?: string; firstAttempt: number },
      by: AuditContext & { actor: Actor },
    ): Promise<number> {
      requireAdmin(by.actor);
      if (migrationId !== undefined && (await migrations.get(migrationId)) === undefined)
        throw new MigrationNotFoundError(migrationId);
      return recovery.accept(firstAttempt, migrationId, by);
    },
  };
}
