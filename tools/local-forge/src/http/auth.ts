import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { ForgeError } from '../errors';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares in a time that says nothing of where two texts differ. */
export const sameSecret = (given: string, wanted: string): boolean =>
  timingSafeEqual(digest(given), digest(wanted));

/** The secret of an Authorization header: of `Bearer` and `token` themselves, of `Basic` its password. */
const secretOf = (header: string): string | undefined => {
  const [, scheme = '', value = ''] = /^(\S+) +(.+)$/.exec(header.trim()) ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
    case 'token':
      return value;
    case 'basic': {
      const text = Buffer.from(value, 'base64').toString('utf8');
      const [user = '', ...password] = text.split(':');
      // Some clients send a lone token as the user.
      return password.join(':') || user;
    }
    default:
      return undefined;
  }
};

export type Access = 'granted' | 'anonymous' | 'refused';

/** Decides from the Authorization header; without a configured token everything is granted. */
export const createAccess = (token: string | undefined) => {
  const of = (header: string | undefined): Access => {
    if (token === undefined) return 'granted';
    if (header === undefined) return 'anonymous';
    const secret = secretOf(header);
    return secret !== undefined && sameSecret(secret, token) ? 'granted' : 'refused';
  };
  const check = (req: Request, needed: boolean): void => {
    const access = of(req.get('authorization'));
    if (access === 'refused') throw new ForgeError('bad-credentials', 'Bad credentials');
    if (needed && access === 'anonymous') throw new ForgeError('bad-credentials', 'Requires authentication');
  };
  /** Lets reads pass without credentials, but as GitHub never with wrong ones. */
  const writes: RequestHandler = (req, _res, next) => {
    check(req, req.method !== 'GET' && req.method !== 'HEAD');
    next();
  };
  const always: RequestHandler = (req, _res, next) => {
    check(req, true);
    next();
  };
  return { of, writes, always };
};

export type AccessControl = ReturnType<typeof createAccess>;

const loopbackName = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * Keeps web pages of others from using this forge through the browser of someone who can reach it: refuses
 * writes that another site's page caused, and, where no token protects, host names that are not this machine's.
 */
export const refuseForeignPages =
  (open: boolean): RequestHandler =>
  (req, _res, next) => {
    if (open && !loopbackName.test(req.get('host') ?? ''))
      throw new ForgeError('forbidden', 'Forbidden host');
    const site = req.get('sec-fetch-site');
    const reads = req.method === 'GET' || req.method === 'HEAD';
    if (!reads && (site === 'cross-site' || site === 'same-site')) {
      throw new ForgeError('forbidden', 'Cross-site request refused');
    }
    next();
  };
