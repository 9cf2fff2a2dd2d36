import { Octokit, RequestError } from 'octokit';
import type { OutageLog } from '@loom/ports';
import { ForgeError } from '../ports';
import type { Quota } from './quota';
import { retryDelay, withRetry, type RetryPolicy } from './rate-limit';
import { tokenRefusal } from './token-refusal';

export interface ForgeRequestDeps {
  apiUrl: string;
  token: string | undefined;
  retry: RetryPolicy;
  timeoutMs: number;
  /** Told whether the token is taken. */
  tokenLog: OutageLog;
  /** Told what each answer says of the limit. */
  quota: Quota;
}

type Parameters = Record<string, string | number>;

/** What was answered: the body, and whether another page follows. */
export interface ForgeAnswer {
  data: unknown;
  more: boolean;
}

/** One request of a route such as `GET /repos/{owner}/{name}`. @throws ForgeError */
export type ForgeRequest = (route: string, parameters: Parameters) => Promise<ForgeAnswer>;

/** Requests by octokit, each bounded in time and repeated where that helps. */
export function createForgeRequest(deps: ForgeRequestDeps): ForgeRequest {
  const { apiUrl, token, retry, timeoutMs, tokenLog, quota } = deps;
  const octokit = new Octokit({
    baseUrl: apiUrl,
    ...(token === undefined ? {} : { auth: token }),
    // Both plugins slow every write down (a second and more), whatever the forge; `withRetry` obeys what it asks for.
    throttle: { enabled: false },
    retry: { enabled: false },
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
  return async (route, parameters) => {
    const attempt = async (): Promise<ForgeAnswer> => {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await octokit.request(route, { ...parameters, request: { signal } });
      quota.seen(response.headers);
      return {
        data: response.data as unknown,
        more: response.headers.link?.includes('rel="next"') === true,
      };
    };
    try {
      const answer = await withRetry(retry, attempt, (error) => failureOf(error, route));
      tokenLog.worked();
      return answer;
    } catch (error) {
      quota.seen(failureOf(error, route)?.headers ?? {});
      const failure = forgeError(error, describe(route, parameters), isLimit(error, retry.now()), token);
      if (failure.tokenRefused) tokenLog.failed(failure.message);
      throw failure;
    }
  };
}

/** GitHub answers 403 to what is too much, too. */
function isLimit(error: unknown, now: number): boolean {
  const failure = failureOf(error, '');
  return failure?.status === 403 && retryDelay(failure, 0, now) !== undefined;
}

function forgeError(error: unknown, asked: string, isLimit: boolean, token: string | undefined): ForgeError {
  const status = statusOf(error);
  const message = `${asked} failed: ${reasonOf(error)}`;
  const refused = status === 401 || (status === 403 && !isLimit);
  return new ForgeError(refused ? tokenRefusal(token, message) : message, isLimit || isTransient(status), {
    cause: error,
    notFound: status === 404,
    tokenRefused: status === 401,
  });
}

function failureOf(error: unknown, route: string) {
  if (!(error instanceof RequestError)) return undefined;
  return {
    status: error.status,
    method: route.split(' ')[0] ?? '',
    headers: error.response?.headers ?? {},
    message: error.message,
  };
}

function statusOf(error: unknown): number | undefined {
  // Octokit gives status 500 to a request that got no answer at all.
  return error instanceof RequestError && error.response !== undefined ? error.status : undefined;
}

function isTransient(status: number | undefined): boolean {
  return status === undefined || status === 429 || status >= 500;
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const status = statusOf(error);
  const said = text.replace(/ - https?:\/\/\S+$/, '').slice(0, 300);
  return status === undefined ? `the forge gave no answer (${said})` : `${String(status)} ${said}`;
}

function describe(route: string, parameters: Parameters): string {
  return route.replace(/\{(\w+)\}/g, (_, key: string) => String(parameters[key]));
}

function silent(): void {
  // Failures are told by ForgeError, once.
}
