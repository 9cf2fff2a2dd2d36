import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { bundleWorkflows } from './workflow-bundle';

// Build step: writes the workflow bundle to the path given, by rename, so that a running worker never reads half.
const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('usage: bundle-main <file>');
const { code } = await bundleWorkflows();
await mkdir(dirname(target), { recursive: true });
await writeFile(`${target}.tmp`, code);
await rename(`${target}.tmp`, target);
