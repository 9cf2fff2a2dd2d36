/** The real Gitea of this test run. */
export interface TestGitea {
  webUrl: string;
  apiUrl: string;
  token: string;
  /** One request; the body of the answer. @throws Error unless it is a 2xx, within 15 s */
  api: (method: string, path: string, body?: object) => Promise<unknown>;
}

const REQUEST_MS = 15_000;

/** @throws when nobody named one */
export function testGiteaApi(): TestGitea {
  const webUrl = setting('LOOM_TEST_GITEA_URL');
  const token = setting('LOOM_TEST_GITEA_TOKEN');
  const apiUrl = `${webUrl}/api/v1`;
  const api: TestGitea['api'] = async (method, path, body) => {
    const response = await fetch(apiUrl + path, {
      method,
      headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${String(response.status)} ${text}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  };
  return { webUrl, apiUrl, token, api };
}

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set: run npm run test:gitea`);
  return value;
}
