import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, memoryStorage } from '@kubb/core';
import { pluginOas } from '@kubb/plugin-oas';
import { pluginZod } from '@kubb/plugin-zod';
import type { ContractDocument } from './document';
import { listFiles, rewriteFiles } from './files';
import { tidyZod } from './tidy';

/** Writes a zod schema of every component and of every operation's parts, with an index, into `directory`. */
export async function generateZod(document: ContractDocument, directory: string): Promise<void> {
  const { error, failedPlugins } = await build({
    config: {
      root: directory,
      input: { data: structuredClone(document) },
      output: {
        path: directory,
        // Besides writing to `path`, kubb would write each file once more, relative to the working directory.
        storage: memoryStorage(),
        barrel: false,
        format: false,
        lint: false,
        // Imports carry no extension here, as everywhere in the workspace.
        extension: { '.ts': '' },
      },
      plugins: [
        pluginOas({ generators: [], validate: false }),
        pluginZod({
          output: { path: '.', barrel: false },
          importPath: 'zod',
          version: '4',
          dateType: 'stringOffset',
          unknownType: 'unknown',
          operations: true,
        }),
      ],
    },
  });
  if (error) throw error;
  if (failedPlugins.size > 0) throw new Error('kubb could not generate the zod schemas');
  await rewriteFiles(directory, tidyZod);
  await writeIndex(directory);
}

async function writeIndex(directory: string): Promise<void> {
  const modules = (await listFiles(directory)).map((file) => file.replace(/\.ts$/, ''));
  const lines = modules.map((name) => `export * from './${name}';`);
  await writeFile(join(directory, 'index.ts'), `${lines.join('\n')}\n`);
}
