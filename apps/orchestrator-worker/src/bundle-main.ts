import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { bundleWorkflows } from './workflow-bundle';

// Build step: writes the workflow bundle to the path given, into a folder that holds nothing else then. What is built
// beside it comes after: it cannot empty the folder itself, and files of an earlier build would be deployed with it.
const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('usage: bundle-main <file>');
const { code } = await bundleWorkflows();
await rm(dirname(target), { recursive: true, force: true });
await mkdir(dirname(target), { recursive: true });
await writeFile(target, code);
