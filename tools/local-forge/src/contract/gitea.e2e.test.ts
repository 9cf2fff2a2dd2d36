import { randomUUID } from 'node:crypto';
import { testGiteaApi } from '@loom/dev-stack';
import { temporaryDirectory } from '../testing/harness';
import { createClient } from './forge-under-test';
import { forgeContract } from './forge-contract';

forgeContract('a real Gitea', async () => {
  const { webUrl, apiUrl, token } = testGiteaApi();
  const client = createClient({ apiUrl }, token);
  const work = await temporaryDirectory();
  const owner = `contract-${randomUUID().slice(0, 8)}`;
  const made = await client.call('POST', '/orgs', { username: owner });
  if (made.status !== 201) throw new Error(`making an organization: ${made.status}`);
  return {
    forge: {
      apiUrl,
      webUrl,
      token,
      owner,
      directory: work.path,
      merge: async (repo, number) =>
        (await client.call('POST', `/repos/${repo}/pulls/${number}/merge`, { Do: 'merge' })).status,
    },
    stop: async () => {
      // The Gitea may be somebody's: nothing stays behind.
      const repos = (await client.call('GET', `/orgs/${owner}/repos?limit=50`)).body as { name: string }[];
      for (const { name } of repos) await client.call('DELETE', `/repos/${owner}/${name}`);
      await client.call('DELETE', `/orgs/${owner}`);
      await work.remove();
    },
  };
});
