import { seedWorld } from '@loom/seed';
import { testGitea } from './gitea';

const gitea = testGitea();
const options = { forgeUrl: gitea.apiUrl, gitUrl: gitea.webUrl, token: gitea.token, apps: 1 };
const created: string[] = [];

afterAll(async () => {
  for (const repo of created) await gitea.api('DELETE', `/repos/${repo}`);
});

it('fills repositories of the one whose token it is, each with a webhook of its own', async () => {
  const { login: owner } = (await gitea.api('GET', '/user')) as { login: string };
  const webhook = { webhookUrl: 'http://127.0.0.1:9/webhooks/github', webhookSecret: 'a-webhook-secret' };
  // First without a webhook: repositories that were there before this test are none of its business.
  const world = await seedWorld({ ...options, owner });
  created.push(...world.created);
  const repos = [`${owner}/gitops`, `${owner}/${world.applications[0]?.id ?? ''}`].sort();
  expect(created).toEqual(repos);
  for (const round of [1, 2])
    expect([round, (await seedWorld({ ...options, ...webhook, owner })).created]).toEqual([round, []]);
  for (const repo of repos) {
    const hooks = (await gitea.api('GET', `/repos/${repo}/hooks`)) as { config: { url: string } }[];
    expect(hooks.map(({ config }) => config.url)).toEqual([webhook.webhookUrl]);
  }
});

it('says what is missing where the organization is nobody', async () => {
  await expect(seedWorld({ ...options, owner: 'no-such-organization' })).rejects.toThrow(
    /knows no organization no-such-organization, and the token is .+'s: make it there first/,
  );
});
