import { waitUntil } from '@loom/dev-stack';
import { expectedFiles, makeConflict, seedWorld, type SeedApplication } from '@loom/seed';
import { person, pullOf, type Person } from './campaign';
import { testGitea } from './gitea';
import { changesOf } from './repository';
import { createSmallLoom, type SmallLoom } from './small-loom';

const MIGRATION = 'app-chart-migration';
const webhookSecret = 'a-webhook-secret';
/** So many, because the sixth is in one environment only: the shortest way through all kinds of steps. */
const APPLICATIONS = 6;
const PULL_STEP = 'generate-app-chart';

const gitea = testGitea();
let owner: string;
let applications: SeedApplication[];
let small: SmallLoom;

const seedOptions = () => ({
  forgeUrl: gitea.apiUrl,
  gitUrl: gitea.webUrl,
  token: gitea.token,
  apps: APPLICATIONS,
  owner,
  webhookUrl: small.webhookUrl,
  webhookSecret,
});
const migratorSettings = (pollInterval: string) => ({
  GITHUB_API_URL: gitea.apiUrl,
  GITHUB_TOKEN: gitea.token,
  GITHUB_WEBHOOK_SECRET: webhookSecret,
  GITOPS_REPO: `${owner}/gitops`,
  POLL_INTERVAL_MS: pollInterval,
});
const application = (index: number): SeedApplication => {
  const found = applications[index];
  if (!found) throw new Error(`there is no application ${index}`);
  return found;
};
const someone = (index: number): Person => person(small.loom, gitea, application(index).id);

beforeAll(async () => {
  small = await createSmallLoom();
  owner = await gitea.organization();
  const [world] = await Promise.all([seedWorld(seedOptions()), small.startLoom()]);
  ({ applications } = world);
  await small.startMigrator(migratorSettings('1h'));
  const discovered = async () => {
    const { total } = await small.loom.candidates.listCandidates({ id: MIGRATION });
    if (total !== APPLICATIONS) throw new Error(`${total} are discovered`);
  };
  await waitUntil('all candidates discovered', discovered, { timeoutMs: 30_000, everyMs: 250 });
}, 120_000);
afterAll(async () => {
  await small.stop();
  await gitea.tidy();
}, 60_000);

it('a second seeding leaves the repositories as they are', async () => {
  expect((await seedWorld(seedOptions())).created).toEqual([]);
});

it('a dry run tells the files that will change, and changes none', async () => {
  const { id } = application(5);
  const before = await changesOf(gitea.webUrl, gitea.token, `${owner}/${id}`);
  const requestBody = { inputs: { chartVersion: '0.3.0' } };
  const { steps } = await small.loom.runs.dryRunCandidate({ id: MIGRATION, cid: id, requestBody });
  expect(steps.flatMap(({ error }) => error ?? [])).toEqual([]);
  const told = new Set(steps.flatMap(({ files = [] }) => files.map(({ repo, path }) => `${repo} ${path}`)));
  const expected = expectedFiles(application(5), owner).map(({ repo, path }) => `${repo} ${path}`);
  expect([...told].sort()).toEqual(expected.sort());
  expect(await changesOf(gitea.webUrl, gitea.token, `${owner}/${id}`)).toEqual(before);
});

it('the addresses of its files lead to pages of theirs', async () => {
  const { files = [] } = await small.loom.candidates.getCandidate({ id: MIGRATION, cid: application(0).id });
  const urls = files.flatMap((group) => group.files.map(({ url }) => url));
  expect(urls.length).toBeGreaterThan(1);
  for (const url of urls) expect([url, (await fetch(url)).status]).toEqual([url, 200]);
});

it('an application is migrated from its first step to its last, by webhooks alone', async () => {
  await someone(5).start();
  await someone(5).carryOn();
  const completed = async () =>
    (await small.loom.candidates.getCandidate({ id: MIGRATION, cid: application(5).id })).status ===
    'completed';
  await waitUntil('completed', completed, { timeoutMs: 20_000 });
  const statuses = new Set((await someone(5).steps()).map(({ status }) => status));
  expect([...statuses].sort()).toEqual(['completed', 'merged']);
  const expected = expectedFiles(application(5), owner);
  for (const repo of new Set(expected.map((file) => file.repo))) {
    const { paths } = await changesOf(gitea.webUrl, gitea.token, repo);
    const wanted = expected.filter((file) => file.repo === repo).map(({ path }) => path);
    expect([repo, paths.sort()]).toEqual([repo, wanted.sort()]);
  }
}, 300_000);

it('a pull request that is closed unmerged fails its step; the retry opens another', async () => {
  await someone(0).start();
  const open = await someone(0).step(PULL_STEP, 'open');
  const { repo, number } = pullOf(open);
  await gitea.close(repo, number);
  const failed = await someone(0).step(PULL_STEP, 'failed');
  expect(failed.reason).toMatch(/was closed without being merged/);
  await someone(0).retry(failed);
  const again = pullOf(await someone(0).step(PULL_STEP, 'open'));
  expect(again.number).toBeGreaterThan(number);
});

it('a cancelled run closes what it opened, and leaves no branch', async () => {
  await someone(1).start();
  const { repo, number, branch } = pullOf(await someone(1).step(PULL_STEP, 'open'));
  await someone(1).cancel();
  const closed = async () => {
    const { state, merged } = await gitea.pull(repo, number);
    return state === 'closed' && !merged;
  };
  await waitUntil('closed', closed, { timeoutMs: 30_000, everyMs: 100 });
  const reset = async () =>
    (await small.loom.candidates.getCandidate({ id: MIGRATION, cid: application(1).id })).status ===
    'not_started';
  await waitUntil('not started', reset, { timeoutMs: 30_000 });
  expect((await changesOf(gitea.webUrl, gitea.token, repo)).branches).not.toContain(branch);
});

describe('without webhooks', () => {
  beforeAll(async () => {
    const hooks = (await gitea.api('GET', `/orgs/${owner}/hooks`)) as { id: number }[];
    expect(hooks).toHaveLength(1);
    for (const { id } of hooks) await gitea.api('DELETE', `/orgs/${owner}/hooks/${id}`);
    await small.startMigrator(migratorSettings('1s'));
  }, 60_000);

  it('the poll finds a merge, and a conflict, which a retry mends', async () => {
    const app = application(2);
    await someone(2).start();
    await someone(2).carryOn('swap-chart-dev');
    const open = await someone(2).step('swap-chart-dev', 'open');
    await makeConflict({ ...seedOptions(), app: app.id });
    const failed = await someone(2).step('swap-chart-dev', 'failed');
    expect(failed.reason).toMatch(/conflicts with its base branch/);
    await someone(2).retry(failed);
    const again = await someone(2).step('swap-chart-dev', 'open');
    expect(pullOf(again).number).toBe(pullOf(open).number);
    await gitea.merge(pullOf(again).repo, pullOf(again).number);
    await someone(2).step('swap-chart-dev', 'merged');
  }, 300_000);

  it('the poll finds a pull request that was closed', async () => {
    const { repo, number } = pullOf(await someone(0).step(PULL_STEP, 'open'));
    await gitea.close(repo, number);
    expect((await someone(0).step(PULL_STEP, 'failed')).reason).toMatch(/was closed without being merged/);
  });
});
