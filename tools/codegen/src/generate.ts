/** `tsx tools/codegen/src/generate.ts [--check]`: makes, or only checks, what is generated from the contract. */
import { join } from 'node:path';
import { findStale, writeGenerated } from './generated-code';

const root = join(import.meta.dirname, '../../..');
const paths = {
  contract: join(root, 'schemas/openapi.yaml'),
  generated: join(root, 'libs/api-types/src/generated'),
};

if (process.argv.includes('--check')) {
  const stale = await findStale(paths);
  if (stale.length > 0) {
    console.error(['Generated code is stale; run `npm run generate` and commit:', ...stale].join('\n  '));
    process.exitCode = 1;
  }
} else {
  await writeGenerated(paths);
}
