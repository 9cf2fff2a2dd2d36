import { DefaultLogger, makeTelemetryFilterString, Runtime, type LogEntry } from '@temporalio/worker';
import type { Logger } from '@loom/ports';

/** Of the SDK's native part; while Temporal is away there are some for each of its pollers. */
const NATIVE_RETRY = /^gRPC call \w+ retried \d+ times$/;
/** Of our own errors, by its name: it arrives here as what the SDK made of it. */
const AWAY = 'DependencyUnavailableError';

/** Makes all that the SDK says, in its native part too, go to `logger`. Call it once, before anything of the SDK is used. */
export function installRuntime(logger: Logger): void {
  Runtime.install({
    logger: new DefaultLogger('WARN', (entry) => tellOfSdk(logger, entry)),
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
    },
    // The process hears signals itself: the worker drains first, and what it writes to closes after it.
    shutdownSignals: [],
  });
}

/** Passes a line on. One of the many of an outage, which is told once by itself, is for those who debug alone. */
export function tellOfSdk(
  logger: Logger,
  { level, message, meta }: Pick<LogEntry, 'level' | 'message' | 'meta'>,
): void {
  if (NATIVE_RETRY.test(message) || isAway(meta?.['error'])) logger.debug(message, meta);
  else if (level === 'ERROR') logger.error(message, meta);
  else logger.warn(message, meta);
}

interface Failure {
  name?: unknown;
  type?: unknown;
  cause?: Failure;
}

/** Looks at what errors carry, not at their class: those of a workflow come out of its sandbox, which has its own. */
function isAway(error: unknown): boolean {
  for (let at = error as Failure | undefined; at; at = at.cause) {
    if (at.name === AWAY || at.type === AWAY) return true;
  }
  return false;
}
