/** One line, as if it stood in `file`, and whether the rules are to refuse it. */
export interface Claim {
  file: string;
  line: string;
  refused: boolean;
  /** Part of what the rule that refuses it says, where another would refuse it as well. */
  because?: string;
}

const refused = (file: string, line: string, because?: string): Claim => ({
  file,
  line,
  refused: true,
  ...(because === undefined ? {} : { because }),
});
const allowed = (file: string, line: string): Claim => ({ file, line, refused: false });

/** What ARCHITECTURE.md says of imports, line by line. */
export const CLAIMS: Claim[] = [
  refused('libs/domain/src/x.ts', "import { z } from 'zod';"),
  refused('libs/domain/src/x.ts', "import { randomBytes } from 'node:crypto';"),
  refused('libs/domain/src/x.ts', "import type { Clock } from '@loom/ports';"),
  allowed('libs/domain/src/x.ts', "import { runId } from './ids';"),
  refused('libs/ports/src/x.ts', "import { createRedisStores } from '@loom/redis-store';"),
  refused('libs/ports/src/x.ts', "import { Redis } from 'ioredis';"),
  allowed('libs/ports/src/x.ts', "import type { Migration } from '@loom/domain';"),
  refused('libs/redis-store/src/x.ts', "import { Client } from '@temporalio/client';"),
  allowed('libs/redis-store/src/x.ts', "import { Redis } from 'ioredis';"),
  refused('libs/temporal-engine/src/x.ts', "import { Redis } from 'ioredis';"),
  refused('libs/platform/src/x.ts', "import { createRedisStores } from '@loom/redis-store';"),
  refused('libs/platform/src/x.ts', "import { createTemporalEngine } from '@loom/temporal-engine';"),
  refused('libs/api-types/src/x.ts', "import { runId } from '@loom/domain';"),
  refused('apps/api/src/service/x.ts', "import express from 'express';"),
  refused('apps/api/src/service/x.ts', "import { createHash } from 'node:crypto';"),
  refused('apps/api/src/service/x.ts', "import type { Migration } from '@loom/api-types';"),
  refused('apps/api/src/http/x.ts', "import { createRedisStores } from '@loom/redis-store';"),
  refused('apps/api/src/http/x.ts', "import { Redis } from 'ioredis';"),
  refused('apps/orchestrator-worker/src/workflows/x.ts', "import { readFile } from 'node:fs/promises';"),
  refused('apps/orchestrator-worker/src/workflows/x.ts', "import { createActivities } from '../activities';"),
  allowed('apps/orchestrator-worker/src/workflows/x.ts', "import type { Activities } from '../activities';"),
  refused('apps/orchestrator-worker/src/workflows/x.ts', "import { Context } from '@temporalio/activity';"),
  refused(
    'apps/orchestrator-worker/src/activities/x.ts',
    "import { createRedisStores } from '@loom/redis-store';",
  ),
  refused('apps/sample-migrator/src/x.ts', "import { createRedisStores } from '@loom/redis-store';"),
  refused('apps/sample-migrator/src/x.ts', "import { createTemporalEngine } from '@loom/temporal-engine';"),
  refused(
    'apps/api/src/http/x.ts',
    "import { createActivities } from '../../../orchestrator-worker/src/activities';",
  ),
  refused('libs/platform/src/x.ts', "import { start } from '../../../tools/dev-stack/src';"),
  refused('libs/redis-store/src/x.ts', "import { startRedis } from '@loom/dev-stack';"),
  allowed('libs/redis-store/src/x.int.test.ts', "import { startRedis } from '@loom/dev-stack';"),
  allowed('apps/api/src/testing/x.ts', "import { startLink } from '@loom/dev-stack';"),
  refused('apps/api/src/testing/x.ts', "import { seedWorld } from '@loom/seed';"),
  refused(
    'libs/redis-store/src/x.int.test.ts',
    "import { createTemporalEngine } from '@loom/temporal-engine';",
  ),
  refused('apps/api/src/http/x.ts', 'export const port = process.env.PORT;'),
  refused(
    'libs/ports/src/x.ts',
    "import { createRedisStores } from '@loom/redis-store';",
    'Circular dependency',
  ),
  // Allowed by its tag; but the tests of redis-store need dev-stack.
  refused(
    'tools/dev-stack/src/x.ts',
    "import { createRedisStores } from '@loom/redis-store';",
    'Circular dependency',
  ),
];
