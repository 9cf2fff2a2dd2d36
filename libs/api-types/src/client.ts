import { ApiError, LoomClient, type Problem } from './generated/client';
import { problemSchema } from './generated/zod/problemSchema';

export interface ClientOptions {
  /** Where Loom (or, for the `migrator` operations, a migrator) is served; without a slash at its end. */
  baseUrl: string;
  /** An API key or a JWT, sent as Bearer. */
  token?: string;
  /** Sent with every request of this client. */
  headers?: Record<string, string>;
}

/** A typed client over the global `fetch`; it opens nothing before its first call. */
export function createLoomClient(options: ClientOptions): LoomClient {
  return new LoomClient({
    BASE: options.baseUrl.replace(/\/+$/, ''),
    TOKEN: options.token,
    HEADERS: options.headers,
    // The generator's own default leaves `/` and `?` in a path parameter as they are.
    ENCODE_PATH: encodeURIComponent,
  });
}

/** The problem that a failed call was answered with; undefined when `error` is something else. */
export function problemOf(error: unknown): Problem | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const parsed = problemSchema.safeParse(error.body);
  return parsed.success ? parsed.data : undefined;
}
