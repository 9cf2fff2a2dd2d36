import type { Request } from 'express';
import { ANONYMOUS, type Actor } from '@loom/domain';

/** What a principal will be found by: the same key as Bearer, or as the password of Basic (whatever the user). */
export function credentialOf(authorization: string | undefined): string | undefined {
  const [, scheme, value] = /^(Bearer|Basic) +([^\s]+) *$/i.exec(authorization ?? '') ?? [];
  if (scheme === undefined || value === undefined) return undefined;
  return scheme.toLowerCase() === 'bearer' ? value : passwordOf(value);
}

/** By key. None is known to this server, so one that comes along changes nothing. */
const PRINCIPALS: ReadonlyMap<string | undefined, Actor> = new Map();

/** On whose behalf a request is made. */
export function principalOf(request: Request): Actor {
  return PRINCIPALS.get(credentialOf(request.get('authorization'))) ?? ANONYMOUS;
}

function passwordOf(base64: string): string | undefined {
  const text = Buffer.from(base64, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 || colon === text.length - 1 ? undefined : text.slice(colon + 1);
}
