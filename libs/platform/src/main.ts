import { wantsDebug } from './config';
import { redactText } from './redact';
import { StartError } from './start-error';

/** Whoever reads the output may end first, or be replaced; the program goes on without a reader. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/**
 * Runs an app's start. When it fails, one plain line on standard error says what is wrong and how to mend it (a
 * stack only with LOOM_LOG_LEVEL=debug), and the process exits with 1.
 */
export async function main(start: () => Promise<void>): Promise<void> {
  outliveReaders();
  try {
    await start();
  } catch (error) {
    process.stderr.write(`${startFailure(error, wantsDebug())}\n`);
    process.exit(1);
  }
}

/** What `main` prints for `error`. */
export function startFailure(error: unknown, debug: boolean): string {
  const lines = [`loom: ${redactText(explain(error))}`];
  if (debug && error instanceof Error) lines.push(redactText(error.stack ?? ''));
  return lines.join('\n');
}

function explain(error: unknown): string {
  if (error instanceof StartError) return `${error.what} — ${error.mend}`;
  const text = error instanceof Error ? error.message || error.name : String(error);
  const [first = 'unknown error'] = text.split('\n');
  return `${first} — set LOOM_LOG_LEVEL=debug to see where it happened`;
}
