import type { Client } from '@temporalio/client';
import type { HealthProbe } from '@loom/ports';
import { engineError, isNotFound, noNamespace } from './engine-errors';

const PROBE_MS = 1500;

/** Up when the frontend answers and knows the namespace. */
export function temporalProbe(client: Client): HealthProbe {
  const { namespace } = client.options;
  return {
    name: 'temporal',
    async check() {
      try {
        await client.connection.withDeadline(Date.now() + PROBE_MS, () =>
          client.connection.workflowService.describeNamespace({ namespace }),
        );
      } catch (error) {
        throw isNotFound(error) ? noNamespace(namespace, error) : engineError(error);
      }
    },
  };
}
