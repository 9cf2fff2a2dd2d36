import type { z } from 'zod';
import { ConfigError } from './start-error';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Parses the environment once. A variable that is set to nothing counts as not set.
 * @throws ConfigError that names every bad variable with what is wrong, and no value.
 */
export function loadConfig<T>(schema: z.ZodType<T>, env: Environment = process.env): T {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new ConfigError([...new Set(result.error.issues.map((issue) => problem(issue, given)))]);
}

function problem(issue: z.core.$ZodIssue, given: Environment): string {
  const name = issue.path.map(String).join('.') || 'environment';
  if (issue.code === 'invalid_type' && given[name] === undefined) return `${name}: is required`;
  return `${name}: ${issue.message}`;
}

/** True when the operator asked for debug output; readable before (and without) a usable configuration. */
export function wantsDebug(env: Environment = process.env): boolean {
  return env['LOOM_LOG_LEVEL'] === 'debug';
}
