import type { Logger, LogFields } from '@loom/ports';
import { LoomRefusedError } from './discovery/discover';
import { isLoomAway } from './loom/loom-client';
import { ForgeError, GitError, StoreError } from './ports';

/**
 * Logs what failed. One of many failures of an outage, which is told once by itself, is for those who debug alone.
 * What git or the forge said is told without our stack, which would say nothing of it.
 */
export function logFailure(logger: Logger, message: string, fields: LogFields & { error: unknown }): void {
  const { error } = fields;
  const told = isOfForge(error) ? { ...fields, error: error.message } : fields;
  if (isOfOutage(error)) logger.debug(message, told);
  else logger.warn(message, told);
}

function isOfForge(error: unknown): error is GitError | ForgeError {
  return error instanceof GitError || error instanceof ForgeError;
}

function isOfOutage(error: unknown): boolean {
  if (isOfForge(error)) return error.tokenRefused;
  if (error instanceof StoreError) return error.kind === 'away';
  return isLoomAway(error instanceof LoomRefusedError ? error.answer : error);
}
