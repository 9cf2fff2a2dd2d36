import { startForge, temporaryDirectory } from '../testing/harness';
import { createClient } from './forge-under-test';
import { forgeContract } from './forge-contract';

const token = 'a-token-of-the-contract';

forgeContract('the local forge', async () => {
  const data = await temporaryDirectory();
  const work = await temporaryDirectory();
  const running = await startForge(data.path, { token });
  const client = createClient({ apiUrl: running.url }, token);
  return {
    forge: {
      apiUrl: running.url,
      webUrl: running.url,
      token,
      owner: 'acme',
      directory: work.path,
      merge: async (repo, number) =>
        (await client.call('PUT', `/repos/${repo}/pulls/${number}/merge`, {})).status,
    },
    stop: async () => {
      await running.stop();
      await data.remove();
      await work.remove();
    },
  };
});
