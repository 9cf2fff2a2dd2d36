import type { ForgeAccount } from './forge-harness';

const REQUEST_MS = 15_000;

/** The real Gitea of this test run. @throws when nobody named one */
export function testGitea(): ForgeAccount {
  const [webUrl, token] = ['LOOM_TEST_GITEA_URL', 'LOOM_TEST_GITEA_TOKEN'].map((name) => {
    const value = process.env[name];
    if (value === undefined || value === '') throw new Error(`${name} is not set: run npm run test:gitea`);
    return value;
  }) as [string, string];
  const apiUrl = `${webUrl}/api/v1`;
  const api: ForgeAccount['api'] = async (method, path, body) => {
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
  const merge: ForgeAccount['merge'] = async (repo, number) => {
    await api('POST', `/repos/${repo}/pulls/${String(number)}/merge`, { Do: 'merge' });
  };
  return { apiUrl, webUrl, token, api, merge };
}
