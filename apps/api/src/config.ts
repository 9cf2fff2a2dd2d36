import { z } from 'zod';
import { commonEnvironment } from '@loom/platform';

/** The api's environment. */
export const environment = z.object({
  ...commonEnvironment,
  /** Must be the one that the worker polls. */
  LOOM_TASK_QUEUE: z.string().default('loom'),
});

export type ApiConfig = z.infer<typeof environment>;
