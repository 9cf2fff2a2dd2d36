import type { Counts } from '@loom/api-types';
import type { LocalLoom } from './local-loom';
import type { AppName } from './programs';

export interface FaultDeps {
  loom: Pick<LocalLoom, 'killApp' | 'startApp'>;
  name: AppName;
  note: (line: string) => void;
}

/** A program that is killed once, in the middle of a campaign, and started again. */
export interface Fault {
  /** Told how far the campaign is; it strikes once some are completed, others are not, and runs are under way. */
  progress: (counts: Pick<Counts, 'completed' | 'running' | 'total'>) => void;
  /** Aborted, with the reason, when the program does not come back. */
  failed: AbortSignal;
  /** Resolves when the program is back. @throws when it is not, or was never killed */
  settled(): Promise<void>;
}

/** Some pull requests are merged by then, and others wait. */
const AT_SHARE = 0.2;

export function createFault({ loom, name, note }: FaultDeps): Fault {
  const failure = new AbortController();
  let restart: Promise<void> | undefined;
  const killAndStart = async (when: string): Promise<void> => {
    note(`killing the ${name} (kill -9) at ${when}`);
    try {
      await loom.killApp(name);
      await loom.startApp(name);
      note(`the ${name} is back`);
    } catch (error) {
      failure.abort(new Error(`the ${name} did not come back after its kill`, { cause: error }));
    }
  };
  return {
    progress: ({ completed, running, total }) => {
      const share = completed / Math.max(total, 1);
      if (share < AT_SHARE || share >= 1 || running === 0) return;
      const percent = Math.round(share * 100);
      restart ??= killAndStart(`${percent} %: ${completed} of ${total} completed, ${running} running`);
    },
    failed: failure.signal,
    settled: async () => {
      if (restart === undefined)
        throw new Error(`the ${name} was never killed: there was no middle of the campaign`);
      await restart;
      failure.signal.throwIfAborted();
    },
  };
}
