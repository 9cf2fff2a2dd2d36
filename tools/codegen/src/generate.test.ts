import { spawnSync } from 'node:child_process';
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseContract, withoutStreams } from './document';
import { listFiles, staleFiles } from './files';
import { tidyClient, tidyZod } from './tidy';

const root = join(__dirname, '../../..');
const generated = join(root, 'libs/api-types/src/generated');

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'loom-codegen-test-'));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

describe('generate --check', () => {
  it('finds the committed code fresh from any directory, and leaves nothing there', async () => {
    // Through the real command: the generators are ES modules that Jest would load as something else.
    const tsx = join(root, 'node_modules/.bin/tsx');
    const script = join(root, 'tools/codegen/src/generate.ts');
    const check = spawnSync(tsx, [script, '--check'], { cwd: scratch, encoding: 'utf8', timeout: 60_000 });
    expect(check.stderr).toBe('');
    expect(check.status).toBe(0);
    expect(await listFiles(scratch)).toEqual([]);
  }, 60_000);
});

describe('staleFiles', () => {
  it('names what is changed, missing or superfluous, and nothing else', async () => {
    const copy = join(scratch, 'generated');
    await cp(generated, copy, { recursive: true });
    expect(await staleFiles(generated, copy)).toEqual([]);
    await appendFile(join(copy, 'openapi.json'), ' ');
    await rm(join(copy, 'zod/candidateSchema.ts'));
    await writeFile(join(copy, 'client/extra.ts'), '');
    expect(await staleFiles(generated, copy)).toEqual([
      'client/extra.ts',
      'openapi.json',
      'zod/candidateSchema.ts',
    ]);
  });

  it('takes a missing folder for an empty one', async () => {
    const stale = await staleFiles(generated, join(scratch, 'missing'));
    expect(stale).toEqual(await listFiles(generated));
  });
});

describe('the contract document', () => {
  it('is refused when it is something else', () => {
    expect(() => parseContract('- a list')).toThrow('no paths');
    expect(() => parseContract('paths: {')).toThrow();
  });

  it('goes to the client without its event streams, and is left as it was', async () => {
    const document = parseContract(await readFile(join(root, 'schemas/openapi.yaml'), 'utf8'));
    const filtered = withoutStreams(document);
    expect(Object.keys(filtered.paths['/events'] ?? {})).toEqual([]);
    expect(Object.keys(filtered.paths['/migrations/{id}/candidates'] ?? {})).toEqual([
      'parameters',
      'get',
      'post',
    ]);
    expect(Object.keys(document.paths['/events'] ?? {})).toEqual(['get']);
  });
});

describe('tidying', () => {
  it('says void for an answer without a body', () => {
    expect(tidyClient('): CancelablePromise<any> {')).toBe('): CancelablePromise<void> {');
    expect(tidyClient('): CancelablePromise<Counts> {')).toBe('): CancelablePromise<Counts> {');
  });

  it('makes optional fields exact, and leaves parameter objects plain', () => {
    const source =
      'z.object({\n    "a": z.optional(z.string()),\nget "b"(){ return bSchema.optional() }\n    }).optional()\n';
    expect(tidyZod(source)).toBe(
      'z.object({\n    "a": z.exactOptional(z.string()),\nget "b"(){ return bSchema.exactOptional() }\n    })\n',
    );
  });

  it('takes only digits for an integer of a query', () => {
    expect(tidyZod('"limit": z.coerce.number().int().min(1).max(9).default(3)')).toBe(
      '"limit": z.string().regex(/^[0-9]+$/).transform(Number).pipe(z.int().min(1).max(9)).default(3)',
    );
  });
});
