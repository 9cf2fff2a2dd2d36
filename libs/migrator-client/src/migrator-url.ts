import { forbiddenAddress, forbiddenName, isAddress } from './addresses';

/** Where to send, with the credentials of the URL moved into a header. */
export interface MigratorEndpoint {
  /** Without user information. */
  url: URL;
  /** What may stand in a reason or a log line. */
  origin: string;
  authorization?: string;
  /** Texts that must not appear in reasons. */
  secrets: string[];
}

/**
 * `base` plus `path`, or the reason why it cannot be called, in words that follow "the migrator URL …". Checks what
 * the text alone shows; addresses that a name resolves to are checked when connecting.
 */
export function migratorEndpoint(base: string, path: string): MigratorEndpoint | { problem: string } {
  if (base.trim() === '') return { problem: 'is empty' };
  if (!URL.canParse(base)) return { problem: 'is malformed' };
  const url = new URL(base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return { problem: 'is not an http or https URL' };
  const problem = hostProblem(url.hostname);
  if (problem !== undefined) return { problem };
  const user = decoded(url.username);
  const password = decoded(url.password);
  if (user === undefined || password === undefined) return { problem: 'has malformed credentials' };
  url.username = '';
  url.password = '';
  url.hash = '';
  url.pathname = url.pathname.replace(/\/+$/, '') + path;
  const plain = { url, origin: url.origin, secrets: [] };
  if (user === '' && password === '') return plain;
  const basic = Buffer.from(`${user}:${password}`).toString('base64');
  // With a password the user is a name; without one it is the credential itself.
  return { ...plain, authorization: `Basic ${basic}`, secrets: [basic, password === '' ? user : password] };
}

/** What is wrong with a migrator's URL, as far as its text shows; for checks before it is stored. */
export function migratorUrlProblem(url: string): string | undefined {
  const endpoint = migratorEndpoint(url, '');
  return 'problem' in endpoint ? endpoint.problem : undefined;
}

function hostProblem(hostname: string): string | undefined {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const why = isAddress(host) ? forbiddenAddress(host) : forbiddenName(host);
  return why === undefined ? undefined : `is not allowed: ${host} is ${why}`;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
