import { openSync, writeSync } from 'node:fs';
import type { LedgerEntry } from '../oracle/ledger';

export interface LedgerFile {
  /** In the file when it returns, so that no kill can take it back; then on stdout, for who watches. */
  append(entry: LedgerEntry): void;
}

export function openLedgerFile(path: string): LedgerFile {
  const file = openSync(path, 'a');
  return {
    append(entry) {
      const line = `${JSON.stringify(entry)}\n`;
      writeSync(file, line);
      process.stdout.write(line);
    },
  };
}
