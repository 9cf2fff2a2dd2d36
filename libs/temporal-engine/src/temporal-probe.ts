import type { Client } from '@temporalio/client';
import type { HealthProbe } from '@loom/ports';

const PROBE_MS = 1500;

/** Asks Temporal for the namespace in use, so that a wrong one is told as well as a server that is away. */
export function temporalProbe(client: Client): HealthProbe {
  return {
    name: 'temporal',
    async check() {
      const { namespace } = client.options;
      await client.withDeadline(Date.now() + PROBE_MS, () =>
        client.workflowService.describeNamespace({ namespace }),
      );
    },
  };
}
