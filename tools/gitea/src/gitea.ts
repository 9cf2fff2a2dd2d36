import { randomUUID } from 'node:crypto';
import { testGiteaApi, waitUntil, type TestGitea } from '@loom/dev-stack';

/** A pull request as Gitea writes it. */
export interface GiteaPull {
  number: number;
  state: string;
  merged: boolean;
  mergeable: boolean;
}

/** The real Gitea of this test run, and what people do there. */
export interface Gitea extends TestGitea {
  /** An organization for one test file. */
  organization(): Promise<string>;
  pull(repo: string, number: number): Promise<GiteaPull>;
  /** Merges once Gitea has looked at it: until then it refuses. */
  merge(repo: string, number: number): Promise<void>;
  close(repo: string, number: number): Promise<void>;
  /** Deletes organizations made here, with everything in them: the Gitea may be somebody's. */
  tidy(): Promise<void>;
}

const MERGEABLE_MS = 20_000;

/** @throws when nobody named one */
export function testGitea(): Gitea {
  const gitea = testGiteaApi();
  const { api } = gitea;
  const organizations: string[] = [];
  const pull: Gitea['pull'] = async (repo, number) =>
    (await api('GET', `/repos/${repo}/pulls/${number}`)) as GiteaPull;
  return {
    ...gitea,
    pull,
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
