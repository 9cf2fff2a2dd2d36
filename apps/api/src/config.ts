import { z } from 'zod';
import { commonEnvironment } from '@loom/platform';

/** The api's environment. */
export const environment = z.object({
  ...commonEnvironment,
  /** Must be the one that the worker polls. */
  LOOM_TASK_QUEUE: z.string().default('loom'),
  /** Event streams that this process keeps open at the same time; more are refused with 429. */
  LOOM_SSE_MAX: z.coerce.number().int().min(1).max(100_000).default(2000),
  /** Of them, those of one address. A proxy before the api is one address. */
  LOOM_SSE_MAX_PER_CLIENT: z.coerce.number().int().min(1).max(100_000).default(200),
});

export type ApiConfig = z.infer<typeof environment>;
