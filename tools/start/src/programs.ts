import { access } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { buildPrograms, createRunCommand, DevStackError, type ProcessGroup } from '@loom/dev-stack';

/** What runs, and where its project lies; a project is named as its folder. */
const FOLDERS = {
  api: 'apps/api',
  worker: 'apps/orchestrator-worker',
  migrator: 'apps/sample-migrator',
  forge: 'tools/local-forge',
} as const;

export type AppName = keyof typeof FOLDERS;
export const APP_NAMES = Object.keys(FOLDERS) as AppName[];

/** The file that Node runs for it. */
export function mainFileOf(name: AppName): string {
  return resolve('dist', FOLDERS[name], 'main.js');
}

/**
 * Builds every program, except what is built already. With `built` all of them have to be.
 * @throws DevStackError what is wrong with the build, or which program is not there
 */
export async function providePrograms(options: {
  group: ProcessGroup;
  built: boolean;
  note: (line: string) => void;
}): Promise<void> {
  const { group, built, note } = options;
  if (!built) {
    note('building what changed');
    const projects = Object.values(FOLDERS).map((folder) => basename(folder));
    await buildPrograms(createRunCommand(group), projects, (s) => note(`still building (${s} s)`));
  }
  for (const file of APP_NAMES.map(mainFileOf)) {
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (!isThere) throw new DevStackError(`${file} is not there: leave --built out, and it is built first`);
  }
}
