import {
  startService,
  within,
  type ManagedProcess,
  type ProcessGroup,
  type ServiceSpec,
} from '@loom/dev-stack';

/** One of Loom's own programs: killed, stopped, frozen, and started again on the same port. */
export interface Program {
  readonly name: string;
  /** Base URL. */
  readonly url: string;
  start(): Promise<void>;
  /** kill -9; settles when it is dead. */
  kill(): Promise<void>;
  /** SIGTERM. @returns its exit code, null where a signal ended it. @throws Error when it does not end in a minute */
  stop(): Promise<number | null>;
  pid(): number;
  /** SIGSTOP, and SIGCONT. */
  freeze(): void;
  thaw(): void;
}

/** Longer than any grace period, so that it is the program's own limit which is seen. */
const END_LIMIT_MS = 60_000;

export function createProgram(group: ProcessGroup, spec: ServiceSpec & { url: string }): Program {
  const { url, ...service } = spec;
  let running: ManagedProcess | undefined;
  const now = (): ManagedProcess => {
    if (running === undefined) throw new Error(`${spec.name} does not run`);
    return running;
  };
  return {
    name: spec.name,
    url,
    async start() {
      running = await startService(group, service);
    },
    async kill() {
      await now().kill('SIGKILL');
    },
    stop: () =>
      within(
        END_LIMIT_MS,
        now()
          .kill('SIGTERM')
          .then(({ code }) => code),
        () => {
          throw new Error(`${spec.name} has not ended ${END_LIMIT_MS / 1000} s after SIGTERM`);
        },
      ),
    pid: () => now().pid,
    freeze() {
      now().signal('SIGSTOP');
    },
    thaw() {
      now().signal('SIGCONT');
    },
  };
}
