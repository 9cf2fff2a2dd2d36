import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil, type ProcessGroup } from '@loom/dev-stack';
import type { MigratorSettings } from '../migrator/settings';
import { parseLedger, type LedgerEntry } from '../oracle/ledger';

/** The migrator's process, seen from the test. */
export interface TestMigrator {
  url: string;
  /** Called with each entry, as it is written. */
  watch(listener: (entry: LedgerEntry) => void): void;
  set(settings: Partial<MigratorSettings>): Promise<void>;
  /** All entries of the file: what the checker believes. */
  ledger(): Promise<LedgerEntry[]>;
}

const START_LIMIT_MS = 60_000;
const CONTROL_LIMIT_MS = 10_000;

/** Starts it; its reports go to `apis` in turn. */
export async function startTestMigrator(
  group: ProcessGroup,
  directory: string,
  apis: readonly string[],
): Promise<TestMigrator> {
  const file = join(directory, 'ledger.ndjson');
  const listeners: ((entry: LedgerEntry) => void)[] = [];
  let url: string | undefined;
  group.start({
    name: 'migrator',
    command: process.execPath,
    args: ['--import', 'tsx', 'tools/chaos/src/migrator/main.ts', file, apis.join(',')],
    output: 'quiet',
    logFile: join(directory, 'migrator.log'),
    onLine: (line) => {
      if (!line.startsWith('{')) return;
      const told = JSON.parse(line) as LedgerEntry | { kind: 'listening'; url: string };
      if (told.kind === 'listening') url = told.url;
      else for (const listener of listeners) listener(told);
    },
  });
  await waitUntil('the test migrator', () => Promise.resolve(url !== undefined), {
    timeoutMs: START_LIMIT_MS,
  });
  const base = url ?? '';
  return {
    url: base,
    watch: (listener) => listeners.push(listener),
    async set(settings) {
      const answer = await fetch(`${base}/control`, {
        method: 'POST',
        body: JSON.stringify(settings),
        signal: AbortSignal.timeout(CONTROL_LIMIT_MS),
      });
      if (!answer.ok) throw new Error(`the test migrator answers ${answer.status}`);
    },
    ledger: async () => parseLedger(await readFile(file, 'utf8').catch(() => '')),
  };
}
