import { ReplyError, type Redis } from 'ioredis';
import { inTime } from '@loom/ports';
import { StoreError } from '../ports';

/** Runs one Lua script atomically; keys are made by the script from the prefix, whose hash tag keeps them in one slot. */
export type Script = (...args: (string | number)[]) => Promise<unknown>;

type Command = (prefix: string, ...args: (string | number)[]) => Promise<unknown>;

/** Registers a script on the connection; in it, `P` is the key prefix and `ARGV` the arguments. */
export function defineScript(redis: Redis, prefix: string, name: string, lua: string): Script {
  const command = `migrator:${name}`;
  redis.defineCommand(command, { numberOfKeys: 1, lua: `local P = KEYS[1]\n${lua}` });
  const run = (redis as unknown as Record<string, Command>)[command];
  if (!run) throw new Error(`script ${name} was not defined`);
  return (...args) => answered(() => run.call(redis, prefix, ...args));
}

/**
 * Milliseconds after which a command on a silent connection fails instead of hanging: well before Loom gives up its
 * POST, so that it is told 503 and when to come again.
 */
export const COMMAND_MS = 2_000;

/** What Redis answers. @throws StoreError */
export async function answered<T>(command: () => Promise<T>): Promise<T> {
  try {
    return await inTime(command(), COMMAND_MS);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const kind = error instanceof ReplyError ? 'refused' : 'away';
    throw new StoreError(`redis cannot be used: ${reason}`, kind, { cause: error });
  }
}

/** The keys of one migrator app. */
export function keyPrefix(migratorApp: string): string {
  return `migrator:{${migratorApp}}:`;
}

/** A reply that is a list of texts. */
export function texts(reply: unknown): string[] {
  return Array.isArray(reply) ? reply.map((item) => String(item)) : [];
}
