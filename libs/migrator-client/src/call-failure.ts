import { EgressRefusedError } from './egress';

/** Why a call has no answer. `reason` is short and without secrets. */
export interface CallFailure {
  kind: 'not_allowed' | 'unreachable' | 'timeout' | 'aborted';
  reason: string;
}

const NOT_HTTP = 'NOT_HTTP';
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'the name does not resolve',
  EAI_AGAIN: 'the name does not resolve now',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  UND_ERR_SOCKET: 'the connection was closed',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  [NOT_HTTP]: 'what it sent is not HTTP',
  ETIMEDOUT: 'no connection in time',
};
const LATE = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** Sorts what the HTTP client threw. Its own message is never told: only codes that are known to be harmless. */
export function callFailure(error: unknown, origin: string, timeoutMs: number): CallFailure {
  if (error instanceof EgressRefusedError) return { kind: 'not_allowed', reason: error.message };
  const code = codeOf(error);
  if (LATE.has(code)) return lateFailure(origin, timeoutMs);
  const why = REASONS[code] ?? (code || 'the call failed');
  return { kind: 'unreachable', reason: `cannot reach ${origin}: ${why}` };
}

/** The call's own time was over. */
export function lateFailure(origin: string, timeoutMs: number): CallFailure {
  return { kind: 'timeout', reason: `no answer from ${origin} within ${timeoutMs} ms` };
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('name' in error && error.name === 'HTTPParserError') return NOT_HTTP;
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Several addresses were tried: the first attempt's code speaks for all.
  if ('errors' in error && Array.isArray(error.errors)) return codeOf(error.errors[0]);
  return 'cause' in error ? codeOf(error.cause) : '';
}
