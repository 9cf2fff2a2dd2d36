// Proves that the import rules hold: each line below is linted as if it stood in the file named, and must be
// refused (or allowed) as ARCHITECTURE.md says. A rule that stops refusing turns this red.
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

interface Claim {
  file: string;
  line: string;
  refused: boolean;
}

const refused = (file: string, line: string): Claim => ({ file, line, refused: true });
const allowed = (file: string, line: string): Claim => ({ file, line, refused: false });

const CLAIMS: Claim[] = [
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
];

const BOUNDARY_RULES = [
  '@nx/enforce-module-boundaries',
  '@typescript-eslint/no-restricted-imports',
  'no-restricted-properties',
];

/** What the rules say of one claim; type-checked rules are off, since the files do not exist. */
async function holds(eslint: ESLint, { file, line, refused: mustRefuse }: Claim): Promise<boolean> {
  const [result] = await eslint.lintText(`${line}\n`, { filePath: file });
  const messages = result?.messages ?? [];
  const fatal = messages.find((message) => message.fatal);
  if (fatal !== undefined) throw new Error(`${file}: ${fatal.message}`);
  return messages.some(({ ruleId }) => BOUNDARY_RULES.includes(ruleId ?? '')) === mustRefuse;
}

const eslint = new ESLint({
  overrideConfig: [{ files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked }],
  cwd: process.cwd(),
});
const broken: Claim[] = [];
for (const claim of CLAIMS) if (!(await holds(eslint, claim))) broken.push(claim);
for (const { file, line, refused: mustRefuse } of broken) {
  console.error(
    `${file}: ${line}\n  should be ${mustRefuse ? 'refused, and is allowed' : 'allowed, and is refused'}`,
  );
}
console.log(`${String(CLAIMS.length - broken.length)} passed, ${String(broken.length)} failed`);
process.exitCode = broken.length === 0 ? 0 : 1;
