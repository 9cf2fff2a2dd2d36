const MASK = '[redacted]';
const MAX_DEPTH = 8;
const MAX_ITEMS = 100;

const SECRET_KEYS = new Set([
  'authorization',
  'proxyauthorization',
  'auth',
  'cookie',
  'setcookie',
  'nonce',
  'mac',
  'callbackid',
  'callbackurl',
  'callbackkeys',
  'credentials',
]);
const SECRET_ENDINGS = /(?:password|passwd|token|secret|apikey|privatekey|callbackkeys)$/;

/** A callback id up to its key id, then the MAC, which is the secret part; `~` may stand percent-encoded in a URL. */
const CALLBACK_ID =
  /([A-Za-z0-9._-]+(?:(?:~|%7E)\d{1,10}){3}(?:~|%7E)[A-Za-z0-9_-]{1,64}(?:~|%7E))[A-Za-z0-9_=-]+/gi;
const USERINFO = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#@]+@/gi;
const CREDENTIAL = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi;

/** True for keys whose value is secret, in any spelling (`x-api-key`, `apiKey`, `API_KEY`). */
export function isSecretKey(key: string): boolean {
  const plain = key.replace(/[-_]/g, '').toLowerCase();
  return SECRET_KEYS.has(plain) || SECRET_ENDINGS.test(plain);
}

/** `text` with MACs of callback ids, user information of URLs and credentials masked. */
export function redactText(text: string): string {
  return text
    .replace(CALLBACK_ID, `$1${MASK}`)
    .replace(USERINFO, `$1${MASK}@`)
    .replace(CREDENTIAL, `$1 ${MASK}`);
}

/**
 * A copy of `value` that JSON can hold, with secrets masked by key and by shape; `value` itself is never changed.
 * Errors become {name, message, stack, code?, cause?, errors?}; cycles and great depth are cut.
 */
export function redact(value: unknown): unknown {
  return copy(value, 0, []);
}

function copy(value: unknown, depth: number, above: readonly unknown[]): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof URL) return redactText(value.href);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (above.includes(value)) return '[circular]';
  if (depth >= MAX_DEPTH) return '[too deep]';
  const trail = [...above, value];
  if (value instanceof Error) return copyError(value, depth, trail);
  if (value instanceof Map)
    return copyEntries(
      [...value].map(([k, v]) => [String(k), v]),
      depth,
      trail,
    );
  if (Array.isArray(value) || value instanceof Set) return copyItems([...value], depth, trail);
  return copyEntries(entriesOf(value), depth, trail);
}

function copyItems(items: readonly unknown[], depth: number, trail: readonly unknown[]): unknown[] {
  const copied = items.slice(0, MAX_ITEMS).map((item) => copy(item, depth + 1, trail));
  return items.length > MAX_ITEMS ? [...copied, `[${items.length - MAX_ITEMS} more]`] : copied;
}

function copyEntries(
  entries: readonly (readonly [string, unknown])[],
  depth: number,
  trail: readonly unknown[],
): Record<string, unknown> {
  return Object.fromEntries(
    entries
      .slice(0, MAX_ITEMS)
      .map(([key, value]) => [
        redactText(key),
        isSecretKey(key) && value !== undefined && value !== null ? MASK : copy(value, depth + 1, trail),
      ]),
  );
}

function copyError(error: Error, depth: number, trail: readonly unknown[]): Record<string, unknown> {
  const entries: [string, unknown][] = [
    ['name', error.name],
    ['message', error.message],
    ['stack', error.stack],
    ...entriesOf(error).filter(([key]) => !['name', 'message', 'stack', 'cause', 'errors'].includes(key)),
  ];
  if (error.cause !== undefined) entries.push(['cause', error.cause]);
  if (error instanceof AggregateError) entries.push(['errors', error.errors]);
  return copyEntries(entries, depth, trail);
}

function entriesOf(value: object): [string, unknown][] {
  return Object.keys(value).map((key) => {
    try {
      return [key, (value as Record<string, unknown>)[key]];
    } catch {
      // A getter that throws must not cost the log line.
      return [key, '[unreadable]'];
    }
  });
}
