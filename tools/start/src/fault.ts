import type { AppName, LocalLoom } from './local-loom';

export interface FaultDeps {
  loom: Pick<LocalLoom, 'killApp' | 'startApp'>;
  name: AppName;
  note: (line: string) => void;
}

/** A program that is killed once, in the middle of a campaign, and started again. */
export interface Fault {
  /** Told the share of the campaign that is done, from 0 to 1. */
  progress: (share: number) => void;
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
  const killAndStart = async (): Promise<void> => {
    note(`killing the ${name} (kill -9)`);
    try {
      await loom.killApp(name);
      await loom.startApp(name);
      note(`the ${name} is back`);
    } catch (error) {
      failure.abort(new Error(`the ${name} did not come back after its kill`, { cause: error }));
    }
  };
  return {
    progress: (share) => {
      if (share >= AT_SHARE) restart ??= killAndStart();
    },
    failed: failure.signal,
    settled: async () => {
      if (restart === undefined) throw new Error(`the ${name} was never killed`);
      await restart;
      failure.signal.throwIfAborted();
    },
  };
}
