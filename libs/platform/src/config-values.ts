import { z } from 'zod';
import { parseCallbackKeys } from './callback-keys';
import type { CallbackKey } from './callback-keys';
import { LOG_FORMATS, LOG_LEVELS } from './logger';

/** A string schema whose `parse` throws an Error with a message that may be shown (no values). */
function parsed<T>(parse: (text: string) => T): z.ZodType<T, string> {
  return z.string().transform((text, context): T => {
    try {
      return parse(text.trim());
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'is malformed' });
      return z.NEVER;
    }
  });
}

function required(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** 0 to 65535; 0 lets the system choose a free one. */
export const port = parsed((text) => {
  required(/^\d{1,5}$/.test(text) && Number(text) <= 65_535, 'must be a port number from 0 to 65535');
  return Number(text);
});

/** `host:port`, the host an IPv6 address in brackets where it is one; kept as text, see `splitHostPort`. */
export const hostPort = parsed((text) => {
  splitHostPort(text);
  return text;
});

/** One or more `host:port`, separated by commas; kept as text without spaces. */
export const hostPorts = parsed((text) => {
  const nodes = text.split(',').map((node) => node.trim());
  nodes.forEach(splitHostPort);
  return nodes.join(',');
});

/** The parts of `host:port`; brackets of an IPv6 host are taken off. */
export function splitHostPort(text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/@[\]]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const number = Number(match?.[3]);
  required(host !== undefined && number >= 1 && number <= 65_535, 'must have the form host:port');
  return { host, port: number };
}

/** An absolute http(s) URL without credentials, query or fragment; a trailing slash is taken off. */
export const httpUrl = parsed((text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  required(url !== undefined && /^https?:$/.test(url.protocol), 'must be an absolute http or https URL');
  required(url.username === '' && url.password === '', 'must not carry credentials');
  required(url.search === '' && url.hash === '', 'must not have a query or a fragment');
  return url.href.replace(/\/+$/, '');
});

/** true, false, 1, 0, yes, no, on, off, in any case. */
export const stringBool = parsed((text) => {
  const result = z.stringbool().safeParse(text);
  required(result.success, 'must be true or false');
  return result.data;
});

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A duration in milliseconds: `1500`, `1500ms`, `30s`, `15m`, `24h`. */
export const durationMs = parsed((text) => {
  const [, amount, unit] = /^(\d{1,9})(ms|s|m|h)?$/.exec(text) ?? [];
  required(amount !== undefined, 'must be a duration such as 500ms, 30s, 15m or 24h');
  return Number(amount) * (UNITS[unit ?? 'ms'] ?? 1);
});

/** `id:secret,id2:secret2`; the first signs. */
export const callbackKeys: z.ZodType<CallbackKey[], string> = parsed(parseCallbackKeys);

export const logLevel = z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` });
export const logFormat = z.enum(LOG_FORMATS, { error: `must be one of ${LOG_FORMATS.join(', ')}` });
