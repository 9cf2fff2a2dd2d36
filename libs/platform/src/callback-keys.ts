import { isIPv4 } from 'node:net';
import { ConfigError } from './start-error';

/** One key of callback MACs; `id` stands in the callback id, so that the other side knows which key to use. */
export interface CallbackKey {
  id: string;
  secret: string;
}

/** Shortest secret that is accepted, in characters. */
export const MIN_SECRET_LENGTH = 16;

const KEY_ID = /^[A-Za-z0-9_-]{1,16}$/;

/**
 * Takes `id:secret,id2:secret2` apart; the first key signs, all verify.
 * @throws Error whose message says what is wrong and never contains a secret.
 */
export function parseCallbackKeys(text: string): CallbackKey[] {
  const keys = text.split(',').map((part, index) => parseKey(part.trim(), index + 1));
  const ids = keys.map(({ id }) => id);
  if (new Set(ids).size < ids.length) throw new Error('two keys have the same id');
  return keys;
}

function parseKey(part: string, position: number): CallbackKey {
  const colon = part.indexOf(':');
  if (colon < 0) throw new Error(`key ${position} is not of the form id:secret`);
  const id = part.slice(0, colon);
  const secret = part.slice(colon + 1);
  if (!KEY_ID.test(id))
    throw new Error(`the id of key ${position} must be 1 to 16 of the characters A-Z a-z 0-9 _ -`);
  if (secret.length < MIN_SECRET_LENGTH)
    throw new Error(`the secret of key ${position} is shorter than ${MIN_SECRET_LENGTH} characters`);
  return { id, secret };
}

/** Public knowledge, hence insecure: whoever can reach the api can forge callbacks signed with it. */
const DEVELOPMENT_KEY: CallbackKey = { id: 'dev', secret: 'insecure-development-key' };

/** True for names and addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'));
}

/**
 * The keys to use: those configured, or, only while the app listens on loopback, the insecure development key
 * together with a `warning` to log.
 * @throws ConfigError when none are configured and `host` is reachable from elsewhere.
 */
export function resolveCallbackKeys(config: { host: string; keys?: readonly CallbackKey[] | undefined }): {
  keys: readonly CallbackKey[];
  warning?: string;
} {
  if (config.keys !== undefined && config.keys.length > 0) return { keys: config.keys };
  if (!isLoopback(config.host))
    throw new ConfigError([
      'LOOM_CALLBACK_KEYS: is required unless LOOM_HOST is a loopback address (form: id:secret,id2:secret2)',
    ]);
  return {
    keys: [DEVELOPMENT_KEY],
    warning: 'LOOM_CALLBACK_KEYS is not set: callbacks are signed with the insecure development key',
  };
}
