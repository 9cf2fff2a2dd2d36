import { constants } from 'node:os';
import type { Logger } from '@loom/ports';

/** Ends one part of the app. `signal` aborts when its time is over: then end by force. */
export type Closer = (signal: AbortSignal) => unknown;

export interface Shutdown {
  /** Aborts when the shutdown begins: readiness turns unavailable, long answers (event streams) end themselves. */
  readonly stopping: AbortSignal;
  /**
   * Registers what to end. The last registered ends first (as with `defer`), so registering each part right after
   * it was made ends the listener before the adapters that its requests use.
   */
  onShutdown(name: string, close: Closer): void;
  /** Begins the shutdown; a repeat only raises the exit code. Resolves when all is closed, then exits. */
  begin(reason: string, exitCode?: number): Promise<void>;
}

export interface ShutdownDeps {
  logger: Logger;
  /** For all closers together; each late one still gets MIN_CLOSE_MS. */
  graceMs?: number;
  /** How long a repeated signal counts as the same one, in ms. */
  sameSignalMs?: number;
  /** The process whose signals are heard; tests pass their own. */
  host?: Pick<NodeJS.Process, 'on' | 'exit'>;
}

const GRACE_MS = 20_000;
const MIN_CLOSE_MS = 1000;
/** For a closer to end in, after it was told to do so by force. */
const FORCE_MS = 100;
/** A terminal, npm and a task runner each pass one Ctrl-C on; only a later one is meant as "now". */
const SAME_SIGNAL_MS = 1500;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Hears SIGTERM and SIGINT and closes what was registered, in order and bounded, then exits with 0. A later
 * signal exits at once. An uncaught exception or rejection takes the same way and exits with 1.
 */
export function createShutdown(deps: ShutdownDeps): Shutdown {
  const { logger, graceMs = GRACE_MS, sameSignalMs = SAME_SIGNAL_MS, host = process } = deps;
  const closers: { name: string; close: Closer }[] = [];
  const stopping = new AbortController();
  let code = 0;
  let closing: Promise<void> | undefined;
  let signalledAt = -Infinity;

  async function closeAll(reason: string): Promise<void> {
    logger.info('shutting down', { reason });
    const end = performance.now() + graceMs;
    stopping.abort();
    for (const { name, close } of closers.toReversed()) {
      const ok = await closeOne(logger, name, close, Math.max(end - performance.now(), MIN_CLOSE_MS));
      if (!ok) code = 1;
    }
    logger.info('shut down', { exitCode: code });
    host.exit(code);
  }

  function begin(reason: string, exitCode = 0): Promise<void> {
    code = Math.max(code, exitCode);
    closing ??= closeAll(reason);
    return closing;
  }

  for (const signal of SIGNALS) {
    host.on(signal, () => {
      const isSame = performance.now() - signalledAt < sameSignalMs;
      if (!isSame) signalledAt = performance.now();
      if (closing === undefined) return void begin(signal);
      if (isSame) return;
      logger.warn('second signal: exiting at once', { signal });
      host.exit(128 + constants.signals[signal]);
    });
  }
  host.on('uncaughtException', (error) => {
    logger.error('uncaught exception', { error });
    void begin('uncaught exception', 1);
  });
  host.on('unhandledRejection', (error) => {
    logger.error('unhandled rejection', { error });
    void begin('unhandled rejection', 1);
  });
  return {
    stopping: stopping.signal,
    onShutdown: (name, close) => void closers.push({ name, close }),
    begin,
  };
}

async function closeOne(logger: Logger, name: string, close: Closer, ms: number): Promise<boolean> {
  const force = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => {
      force.abort();
      setTimeout(() => resolve('late'), FORCE_MS);
    }, ms);
  });
  try {
    const result = await Promise.race([Promise.resolve(close(force.signal)).then(() => 'closed'), late]);
    if (result === 'late') logger.error('did not close in time', { part: name, afterMs: Math.round(ms) });
    return result !== 'late';
  } catch (error) {
    logger.error('failed to close', { part: name, error });
    return false;
  } finally {
    clearTimeout(timer);
  }
}
