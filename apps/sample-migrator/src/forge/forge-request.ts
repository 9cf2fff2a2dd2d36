import { Octokit, RequestError } from 'octokit';
import { ForgeError } from '../ports';
import { withRetry, type RetryPolicy } from './rate-limit';

export interface ForgeRequestDeps {
  apiUrl: string;
  token: string | undefined;
  retry: RetryPolicy;
  timeoutMs: number;
}

type Parameters = Record<string, string | number>;

/** One request of a route such as `GET /repos/{owner}/{name}`; the answer's body. @throws ForgeError */
export type ForgeRequest = (route: string, parameters: Parameters) => Promise<unknown>;

/** Requests by octokit, each bounded in time and repeated where that helps. */
export function createForgeRequest({ apiUrl, token, retry, timeoutMs }: ForgeRequestDeps): ForgeRequest {
  const octokit = new Octokit({
    baseUrl: apiUrl,
    ...(token === undefined ? {} : { auth: token }),
    // Both plugins slow every write down (a second and more), whatever the forge; `withRetry` obeys what it asks for.
    throttle: { enabled: false },
    retry: { enabled: false },
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
  return async (route, parameters) => {
    const attempt = async (): Promise<unknown> => {
      const signal = AbortSignal.timeout(timeoutMs);
      return (await octokit.request(route, { ...parameters, request: { signal } })).data as unknown;
    };
    try {
      return await withRetry(retry, attempt, (error) => failureOf(error, route));
    } catch (error) {
      const message = `${describe(route, parameters)} failed: ${reasonOf(error)}`;
      throw new ForgeError(message, isTransient(error), { cause: error, notFound: statusOf(error) === 404 });
    }
  };
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

function isTransient(error: unknown): boolean {
  const status = statusOf(error);
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
