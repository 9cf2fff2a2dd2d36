import { guarded, type RedisClient } from './guard';
import type { Keys } from './keys';
import { loadScripts } from './lua-scripts';

/** What a script answers. */
export type Reply = string | number | null | Reply[];

export interface ScriptRunner {
  /** Runs a script on the keys of one migration. */
  onMigration: (name: string, migrationId: string, args: (string | number)[]) => Promise<Reply[]>;
  /** Runs a script on these keys, which share a hash tag. */
  onKeys: (name: string, keys: string[], args: (string | number)[]) => Promise<Reply[]>;
}

type Commands = Record<string, (...args: (string | number)[]) => Promise<Reply>>;

/** Runs scripts by their hash; ioredis sends the text where Redis does not have it. */
export function createScriptRunner(redis: RedisClient, keys: Keys): ScriptRunner {
  for (const [name, lua] of loadScripts()) redis.defineCommand(commandName(name), { lua });
  const commands = redis as unknown as Commands;
  const onKeys: ScriptRunner['onKeys'] = async (name, keyNames, args) => {
    const reply = await guarded(redis, async () => {
      const command = commands[commandName(name)];
      if (command === undefined) throw new Error(`ERR there is no script ${name}`);
      return command.call(commands, keyNames.length, ...keyNames, ...args);
    });
    return Array.isArray(reply) ? reply : [reply];
  };
  return {
    onKeys,
    onMigration: (name, migrationId, args) => onKeys(name, keys.ofMigration(migrationId), args),
  };
}

function commandName(name: string): string {
  return `loom:${name}`;
}

/** The text at `index` of a reply; '' where there is none. */
export function textAt(reply: Reply[], index: number): string {
  const value = reply[index];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Like `textAt`, undefined where there is none. */
export function optionalText(reply: Reply[], index: number): string | undefined {
  const value = reply[index];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

export function numberAt(reply: Reply[], index: number): number {
  return Number(reply[index] ?? 0);
}

export function listAt(reply: Reply[], index: number): Reply[] {
  const value = reply[index];
  return Array.isArray(value) ? value : [];
}

export function textsAt(reply: Reply[], index: number): string[] {
  return listAt(reply, index).map(String);
}
