import { callForge, cloneUrl } from './forge-api';
import { importCommit, withRepository } from './git';
import { makeConflict } from './make-conflict';
import { seedWorld, type SeedOptions } from './seed-world';
import { startForgeProcess, type ForgeProcess } from './testing/forge-process';

const token = 'a-token-of-the-forge';
let forge: ForgeProcess;
let options: SeedOptions;

beforeAll(async () => {
  forge = await startForgeProcess(token);
  options = {
    forgeUrl: forge.url,
    token,
    apps: 3,
    webhookUrl: 'http://127.0.0.1:9/webhooks/github',
    webhookSecret: 'a-webhook-secret',
  };
});
afterAll(() => forge.stop());

/** The newest commit of a branch on the forge. */
const tip = (repo: string, branch = 'main') =>
  withRepository(token, (git) => git(['ls-remote', '--', cloneUrl(options, repo), `refs/heads/${branch}`]));

test('a second run leaves everything as it is', async () => {
  const world = await seedWorld(options);
  const repos = ['acme/gitops', ...world.applications.map(({ id }) => `acme/${id}`)].sort();
  expect(world.created).toEqual(repos);
  const tips = await Promise.all(repos.map((repo) => tip(repo)));
  expect(tips.every((text) => /^[0-9a-f]{40}\t/.test(text))).toBe(true);

  expect((await seedWorld(options)).created).toEqual([]);
  expect(await Promise.all(repos.map((repo) => tip(repo)))).toEqual(tips);
  const hooks = (await callForge(options, 'GET', '/orgs/acme/hooks')) as { config: { url: string } }[];
  expect(hooks.map(({ config }) => config.url)).toEqual(['http://127.0.0.1:9/webhooks/github']);
});

test('makeConflict lets an open pull request conflict, in a file that stays valid', async () => {
  const { applications } = await seedWorld(options);
  const { id: app, team } = applications[0] ?? { id: '', team: '' };
  const repo = 'acme/gitops';
  const path = `apps/${team}/${app}/overlays/dev/application.yaml`;
  const branch = `loom/app-chart-migration/${app}/swap-chart-dev`;
  await withRepository(token, async (git) => {
    await git(['fetch', '--quiet', '--', cloneUrl(options, repo), '+refs/heads/main:refs/heads/base']);
    const before = await git(['show', `refs/heads/base:${path}`]);
    const parent = (await git(['rev-parse', 'refs/heads/base'])).trim();
    const files = { [path]: before.replace('chart: generic-app', `chart: ${app}`) };
    await importCommit(git, {
      branch: 'b',
      message: 'swap',
      author: 'bot',
      at: 1_770_000_000,
      parent,
      files,
    });
    await git(['push', '--quiet', '--', cloneUrl(options, repo), `refs/heads/b:refs/heads/${branch}`]);
  });
  const pull = { title: 'swap', head: branch, base: 'main' };
  const opened = (await callForge(options, 'POST', `/repos/${repo}/pulls`, pull)) as { number: number };
  const page = `/repos/${repo}/pulls/${String(opened.number)}`;
  expect(await callForge(options, 'GET', page)).toMatchObject({ mergeable: true });

  const conflict = await makeConflict({ ...options, app });
  expect(conflict).toMatchObject({ repo, number: opened.number, path });
  expect(await callForge(options, 'GET', page)).toMatchObject({ mergeable: false });
  await expect(callForge(options, 'PUT', `${page}/merge`, {})).rejects.toThrow('405');
  await withRepository(token, async (git) => {
    await git(['fetch', '--quiet', '--', cloneUrl(options, repo), '+refs/heads/main:refs/heads/base']);
    expect(await git(['show', `refs/heads/base:${path}`])).toMatch(
      /^ {4}chart: generic-app # looked at by a colleague meanwhile$/m,
    );
  });
  await expect(makeConflict({ ...options, app: 'nobody' })).rejects.toThrow('no open pull request of nobody');
});
