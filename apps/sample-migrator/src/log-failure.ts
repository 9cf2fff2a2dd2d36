import type { Logger, LogFields } from '@loom/ports';
import { LoomRefusedError } from './discovery/discover';
import { isLoomAway } from './loom/loom-client';
import { StoreError } from './ports';

/** Logs what failed. One of many failures of an outage, which is told once by itself, is for those who debug alone. */
export function logFailure(logger: Logger, message: string, fields: LogFields & { error: unknown }): void {
  if (isOfOutage(fields.error)) logger.debug(message, fields);
  else logger.warn(message, fields);
}

function isOfOutage(error: unknown): boolean {
  if (error instanceof StoreError) return error.kind === 'away';
  return isLoomAway(error instanceof LoomRefusedError ? error.answer : error);
}
