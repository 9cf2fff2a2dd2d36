import { resolve } from 'node:path';
import { z } from 'zod';

const loopbackHosts = new Set(['127.0.0.1', '::1', 'localhost']);

const environment = z.object({
  FORGE_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'a port number between 0 and 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'a port number between 0 and 65535')
    .default(3300),
  FORGE_HOST: z.string().min(1, 'an address or host name to listen on').default('127.0.0.1'),
  FORGE_DIR: z.string('the directory that holds all data').min(1, 'the directory that holds all data'),
  FORGE_TOKEN: z.string().min(8, 'a token of at least 8 characters').optional(),
  FORGE_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'an http or https address' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  FORGE_WEBHOOK_TIMEOUT_MS: z
    .string()
    .regex(/^\d{1,6}$/, 'milliseconds between 100 and 60000')
    .transform(Number)
    .refine((ms) => ms >= 100 && ms <= 60_000, 'milliseconds between 100 and 60000')
    .default(10_000),
  FORGE_DROP_WEBHOOKS: z.stringbool('true or false').default(false),
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
});

/** Everything the forge is told from outside. */
export type ForgeConfig = {
  readonly port: number;
  readonly host: string;
  /** Absolute directory of all data. */
  readonly dir: string;
  /** Needed for writes when set; without it the listener must be on loopback. */
  readonly token: string | undefined;
  /** Whether only this machine can reach the listener. */
  readonly loopback: boolean;
  /** Base of every address in answers; when absent, the address the client used. */
  readonly publicUrl: string | undefined;
  readonly webhookTimeoutMs: number;
  readonly dropWebhooks: boolean;
  /** Where git is searched. */
  readonly searchPath: string;
};

/** A setting that cannot be used; its message is one line that names the variable. */
export class ConfigError extends Error {}

/**
 * Reads the configuration from environment variables; an empty variable counts as absent.
 * @throws ConfigError naming the first variable that cannot be used, never its value.
 */
export const loadConfig = (env: Readonly<Record<string, string | undefined>>): ForgeConfig => {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigError(`${String(issue?.path[0])}: expected ${issue?.message ?? 'another value'}`);
  }
  const { data } = parsed;
  const loopback = loopbackHosts.has(data.FORGE_HOST);
  if (!loopback && data.FORGE_TOKEN === undefined) {
    throw new ConfigError('FORGE_TOKEN: expected a token, because FORGE_HOST is not a loopback address');
  }
  return {
    port: data.FORGE_PORT,
    host: data.FORGE_HOST,
    dir: resolve(data.FORGE_DIR),
    token: data.FORGE_TOKEN,
    loopback,
    publicUrl: data.FORGE_PUBLIC_URL,
    webhookTimeoutMs: data.FORGE_WEBHOOK_TIMEOUT_MS,
    dropWebhooks: data.FORGE_DROP_WEBHOOKS,
    searchPath: data.PATH,
  };
};
