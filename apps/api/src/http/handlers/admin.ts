import type { Service } from '../../service/service';
import { endpoint } from '../endpoint';
import { reconciliationToWire } from '../to-wire';

/** What admins do to keep the store and Temporal together. */
export function adminHandlers(service: Service) {
  return {
    getLastReconciliation: endpoint('getLastReconciliation', async (_input, caller) => {
      const { reconciliation, ...status } = await service.reconcileStatus(caller.actor);
      const last =
        reconciliation === undefined ? {} : { reconciliation: reconciliationToWire(reconciliation) };
      return { status: 200, body: { ...status, ...last } };
    }),

    reconcile: endpoint('reconcile', async (_input, caller) => {
      const reconciliation = await service.reconcile(caller.actor);
      const status = reconciliation.status === 'running' ? 202 : 200;
      return { status, body: reconciliationToWire(reconciliation) };
    }),

    getReconciliation: endpoint('getReconciliation', async ({ path }, caller) => {
      const reconciliation = await service.reconciliation(path.reconciliationId, caller.actor);
      return { status: 200, body: reconciliationToWire(reconciliation) };
    }),

    acceptLostAttempts: endpoint('acceptLostAttempts', async ({ body }, caller) => {
      const { migrationId, firstAttempt } = body;
      const which = migrationId === undefined ? {} : { migrationId };
      const migrations = await service.acceptLostAttempts({ ...which, firstAttempt }, caller);
      return { status: 200, body: { migrations } };
    }),
  };
}
