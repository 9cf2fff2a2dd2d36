import { testGiteaApi } from '@loom/dev-stack';
import type { ForgeAccount } from './forge-harness';

/** The real Gitea of this test run. @throws when nobody named one */
export function testGitea(): ForgeAccount {
  const gitea = testGiteaApi();
  const merge: ForgeAccount['merge'] = async (repo, number) => {
    await gitea.api('POST', `/repos/${repo}/pulls/${String(number)}/merge`, { Do: 'merge' });
  };
  return { ...gitea, merge };
}
