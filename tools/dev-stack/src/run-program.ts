import { constants } from 'node:os';
import { DevStackError } from './errors';
import { onParentGone } from './parent-watch';
import { createProcessGroup, type ProcessGroup, type ProcessGroupOptions } from './process-group';

export interface ProgramOptions extends ProcessGroupOptions {
  /** Called first when a signal arrives, with what arrived: to say that it stops. */
  onStopping?: (reason: string) => void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm and the terminal both deliver one Ctrl+C; only a later one is meant as "now". */
const SAME_SIGNAL_MS = 1_500;

/**
 * Runs a whole program around one process group: whichever way it ends (its result, an error, a signal, its parent's
 * death), everything it started is stopped first. A DevStackError is shown without a stack. Never returns.
 */
export async function runProgram(
  main: (group: ProcessGroup) => Promise<number>,
  options: ProgramOptions = {},
): Promise<never> {
  const group = createProcessGroup(options);
  let stoppingSince: number | undefined;
  // Whoever comes first decides on the exit code; what stopping makes the others see is no news.
  const leave = async (code: number): Promise<never> => {
    if (stoppingSince !== undefined) return new Promise<never>(() => undefined);
    stoppingSince = Date.now();
    await group.end();
    process.exit(code);
  };
  const interrupted = (reason: string, code: number) => {
    if (stoppingSince === undefined) {
      options.onStopping?.(reason);
      void leave(code);
    } else if (Date.now() - stoppingSince > SAME_SIGNAL_MS) {
      group.killAll();
      process.exit(code);
    }
  };
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      interrupted(signal, 128 + constants.signals[signal]);
    });
  }
  process.on('uncaughtException', (error) => {
    showError(error);
    void leave(1);
  });
  onParentGone(() => {
    interrupted('its parent is gone', 1);
  });
  try {
    return await leave(await main(group));
  } catch (error) {
    if (stoppingSince === undefined) showError(error);
    return leave(1);
  }
}

function showError(error: unknown): void {
  if (error instanceof DevStackError) console.error(error.message);
  else console.error(error);
}
