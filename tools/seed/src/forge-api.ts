/** A forge's REST API and its git address. */
export interface ForgeAccess {
  /** Base of the REST API, which for the local forge is its address. */
  forgeUrl: string;
  /** Base of clone addresses; the API's origin when absent. */
  gitUrl?: string;
  token: string;
}

/** An answer that is not a 2xx. */
export class ForgeAnswerError extends Error {
  override readonly name = 'ForgeAnswerError';
  constructor(
    what: string,
    readonly status: number,
    text: string,
  ) {
    super(`${what}: ${String(status)} ${text.slice(0, 300)}`);
  }
}

const TIMEOUT_MS = 30_000;

/** One request; the body of the answer as it came. @throws ForgeAnswerError */
export async function callForge(
  access: ForgeAccess,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const response = await fetch(access.forgeUrl.replace(/\/+$/, '') + path, {
    method,
    headers: {
      authorization: `Bearer ${access.token}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new ForgeAnswerError(`${method} ${path}`, response.status, text);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

/** As `callForge`, but undefined for 404. */
export async function findInForge(access: ForgeAccess, path: string): Promise<unknown> {
  try {
    return await callForge(access, 'GET', path);
  } catch (error) {
    if (error instanceof ForgeAnswerError && error.status === 404) return undefined;
    throw error;
  }
}

/** Clone address of `owner/name`. */
export function cloneUrl({ forgeUrl, gitUrl }: ForgeAccess, repo: string): string {
  return `${(gitUrl ?? new URL(forgeUrl).origin).replace(/\/+$/, '')}/${repo}.git`;
}
