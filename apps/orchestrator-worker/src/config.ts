import { z } from 'zod';
import { commonEnvironment, durationMs, httpUrl, port } from '@loom/platform';

/** The worker's environment. */
export const environment = z.object({
  ...commonEnvironment,
  /** Of the health endpoints; beside the api's on one machine. */
  PORT: port.prefault('8081'),
  /** Must be the one that the api starts runs on. */
  LOOM_TASK_QUEUE: z.string().default('loom'),
  /** The URL under which migrators reach the api. Without it a dispatch has a callback id, and no callback URL. */
  LOOM_PUBLIC_URL: httpUrl.optional(),
  /** How long a dispatch that nobody accepts is repeated before its step fails. */
  LOOM_DISPATCH_BUDGET: durationMs.prefault('15m'),
  /** History events after which a run continues as new; Temporal warns from 10,240 on. */
  LOOM_CONTINUE_AS_NEW_EVENTS: z.coerce.number().int().min(50).max(10_000).default(4000),
  /** How often the reconciliation looks for what a crash left behind. */
  LOOM_RECONCILE_INTERVAL: durationMs.prefault('30s'),
  /** How long the migrator of a step in progress may be silent before a person is asked to look; 0: for ever. */
  LOOM_STALE_AFTER: durationMs.prefault('24h'),
  /** The same for a step that is open: it may wait for somebody else's merge. */
  LOOM_STALE_OPEN_AFTER: durationMs.prefault('168h'),
  /** How long activities under way may take to end after SIGTERM. */
  LOOM_SHUTDOWN_GRACE: durationMs.prefault('10s'),
});

export type WorkerConfig = z.infer<typeof environment>;
