import { randomUUID } from 'node:crypto';
import { waitUntil } from '@loom/dev-stack';

/** A pull request as Gitea writes it. */
export interface GiteaPull {
  number: number;
  state: string;
  merged: boolean;
  mergeable: boolean;
}

/** The real Gitea of this test run, and what people do there. */
export interface Gitea {
  apiUrl: string;
  webUrl: string;
  token: string;
  /** One request; the body of the answer. @throws Error unless it is a 2xx */
  api(method: string, path: string, body?: object): Promise<unknown>;
  /** An organization for one test file. */
  organization(): Promise<string>;
  pull(repo: string, number: number): Promise<GiteaPull>;
  /** Merges once Gitea has looked at it: until then it refuses. */
  merge(repo: string, number: number): Promise<void>;
  close(repo: string, number: number): Promise<void>;
  /** Deletes organizations made here, with everything in them: the Gitea may be somebody's. */
  tidy(): Promise<void>;
}

const REQUEST_MS = 20_000;
const MERGEABLE_MS = 20_000;

/** @throws when nobody named one */
export function testGitea(): Gitea {
  const [webUrl = '', token = ''] = ['LOOM_TEST_GITEA_URL', 'LOOM_TEST_GITEA_TOKEN'].map(setting);
  const apiUrl = `${webUrl}/api/v1`;
  const organizations: string[] = [];
  const api: Gitea['api'] = async (method, path, body) => {
    const response = await fetch(apiUrl + path, {
      method,
      headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  };
  const pull: Gitea['pull'] = async (repo, number) =>
    (await api('GET', `/repos/${repo}/pulls/${number}`)) as GiteaPull;
  return {
    ...{ apiUrl, webUrl, token, api, pull },
    async organization() {
      const username = `loom-${randomUUID().slice(0, 8)}`;
      await api('POST', '/orgs', { username });
      organizations.push(username);
      return username;
    },
    async merge(repo, number) {
      const ready = async () => (await pull(repo, number)).mergeable;
      await waitUntil(`${repo}#${number} mergeable`, ready, { timeoutMs: MERGEABLE_MS, everyMs: 100 });
      await api('POST', `/repos/${repo}/pulls/${number}/merge`, { Do: 'merge' });
    },
    async close(repo, number) {
      await api('PATCH', `/repos/${repo}/pulls/${number}`, { state: 'closed' });
    },
    async tidy() {
      for (const organization of organizations.splice(0)) {
        const repos = (await api('GET', `/orgs/${organization}/repos?limit=50`)) as { full_name: string }[];
        for (const { full_name } of repos) await api('DELETE', `/repos/${full_name}`);
        await api('DELETE', `/orgs/${organization}`);
      }
    },
  };
}

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set: run npm run test:gitea`);
  return value;
}
