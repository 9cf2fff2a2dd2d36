import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateClient } from './client';
import { parseContract } from './document';
import { staleFiles } from './files';
import { generateZod } from './zod';

/** Where the contract is, and the folder of everything that is made from it. */
export interface CodegenPaths {
  contract: string;
  generated: string;
}

/** Replaces the generated folder by what the contract says now. */
export async function writeGenerated(paths: CodegenPaths): Promise<void> {
  await inFreshCopy(paths.contract, async (fresh) => {
    await rm(paths.generated, { recursive: true, force: true });
    await cp(fresh, paths.generated, { recursive: true });
  });
}

/** Files of the generated folder that do not say what the contract says now; empty when all is fresh. */
export async function findStale(paths: CodegenPaths): Promise<string[]> {
  return inFreshCopy(paths.contract, (fresh) => staleFiles(fresh, paths.generated));
}

/** Generates aside, so that a generator that fails leaves the committed folder as it was. */
async function inFreshCopy<T>(contract: string, use: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'loom-codegen-'));
  try {
    const document = parseContract(await readFile(contract, 'utf8'));
    await writeFile(join(directory, 'openapi.json'), `${JSON.stringify(document, null, 2)}\n`);
    for (const folder of ['client', 'zod']) await mkdir(join(directory, folder));
    await generateClient(document, join(directory, 'client'));
    await generateZod(document, join(directory, 'zod'));
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
