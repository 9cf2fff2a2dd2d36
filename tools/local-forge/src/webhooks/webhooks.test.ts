import { git, pushBranch, refusalOf, signatureOf } from '../testing/harness';
import { at, secret, useHookedShop } from '../testing/hooked-shop';

jest.setTimeout(30_000);

const shop = useHookedShop();

type Event = {
  action: string;
  number: number;
  before?: string;
  after?: string;
  pull_request: { merged: boolean; head: { sha: string } };
};

const nextEvent = async (): Promise<Event> => JSON.parse((await shop.receiver.next()).body) as Event;

it('signs the exact bytes it sends, under the headers and in the shape of GitHub', async () => {
  await shop.addHook();
  const sha = await shop.open('loom/a');
  const { headers, body } = await shop.receiver.next();
  expect(headers).toMatchObject({
    'x-github-event': 'pull_request',
    'x-github-delivery': expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string,
    'content-type': 'application/json',
    'x-hub-signature-256': signatureOf(secret, body),
  });
  expect(JSON.parse(body)).toMatchObject({
    action: 'opened',
    number: 1,
    pull_request: {
      number: 1,
      state: 'open',
      merged: false,
      html_url: `${shop.forge.url}/acme/shop/pull/1`,
      head: { sha, ref: 'loom/a' },
      base: { ref: 'main' },
    },
    repository: {
      name: 'shop',
      full_name: 'acme/shop',
      owner: { login: 'acme' },
      html_url: `${shop.forge.url}/acme/shop`,
      clone_url: `${shop.forge.url}/acme/shop.git`,
      default_branch: 'main',
    },
    sender: { login: 'loom' },
  });
});

it('tells of every change, in order: pushed to, closed, reopened, merged', async () => {
  await shop.addHook();
  const before = await shop.open('loom/a');
  const after = await pushBranch(shop.work, 'loom/a', { 'more.txt': '1' }, 'loom/a');
  await shop.octokit.rest.pulls.update({ ...at, pull_number: 1, state: 'closed' });
  await shop.octokit.rest.pulls.update({ ...at, pull_number: 1, state: 'open' });
  await shop.octokit.rest.pulls.merge({ ...at, pull_number: 1 });
  const events: Event[] = [];
  for (let left = 5; left > 0; left -= 1) events.push(await nextEvent());
  expect(events.map((event) => [event.action, event.pull_request.merged])).toEqual([
    ['opened', false],
    ['synchronize', false],
    ['closed', false],
    ['reopened', false],
    ['closed', true],
  ]);
  expect(events[1]).toMatchObject({ before, after, pull_request: { head: { sha: after } } });
});

it('tells of a merge that was made by a push', async () => {
  await shop.addHook();
  await shop.open('loom/a');
  await git(shop.work, 'push', '--quiet', 'origin', 'loom/a:main');
  expect((await nextEvent()).action).toBe('opened');
  expect(await nextEvent()).toMatchObject({ action: 'closed', number: 1, pull_request: { merged: true } });
});

it('serves owners, and skips webhooks that are inactive or want other events', async () => {
  const config = { url: shop.receiver.url, content_type: 'json', secret };
  const { data: hook } = await shop.octokit.rest.orgs.createWebhook({
    org: 'acme',
    name: 'web',
    config,
    events: ['pull_request'],
  });
  await shop.octokit.rest.repos.createWebhook({ ...at, config, events: ['push'] });
  await shop.octokit.rest.repos.createWebhook({ ...at, config, events: ['pull_request'], active: false });
  await shop.open('loom/a');
  await shop.receiver.next();
  await shop.octokit.rest.orgs.deleteWebhook({ org: 'acme', hook_id: hook.id });
  await shop.octokit.rest.pulls.update({ ...at, pull_number: 1, state: 'closed' });
  await shop.restart();
  expect(shop.receiver.pending).toEqual([]);
});

it('shows, changes and removes webhooks, never their secret', async () => {
  const hook = await shop.addHook();
  expect(hook).toMatchObject({
    active: true,
    events: ['pull_request'],
    config: { url: shop.receiver.url, secret: '********' },
  });
  expect(await refusalOf(shop.addHook())).toMatchObject({
    status: 422,
    body: { errors: [{ resource: 'Hook', message: 'Hook already exists on this repository' }] },
  });
  const args = { ...at, hook_id: hook.id };
  const { data: changed } = await shop.octokit.rest.repos.updateWebhook({
    ...args,
    active: false,
    config: { url: 'http://127.0.0.1:9/x' },
  });
  expect(changed).toMatchObject({
    active: false,
    config: { url: 'http://127.0.0.1:9/x', secret: '********' },
  });
  expect((await shop.octokit.rest.repos.listWebhooks(at)).data).toHaveLength(1);
  await shop.octokit.rest.repos.deleteWebhook(args);
  expect((await refusalOf(shop.octokit.rest.repos.getWebhook(args))).status).toBe(404);
  const local = shop.octokit.rest.repos.createWebhook({ ...at, config: { url: 'file:///etc/passwd' } });
  expect(await refusalOf(local)).toMatchObject({ status: 422, body: { errors: [{ field: 'config.url' }] } });
});

it('does not wait for a receiver: one that is away costs the client nothing', async () => {
  await shop.octokit.rest.repos.createWebhook({
    ...at,
    config: { url: 'http://127.0.0.1:9/', content_type: 'json' },
    events: ['*'],
  });
  await shop.open('loom/a');
  const { data: merged } = await shop.octokit.rest.pulls.merge({ ...at, pull_number: 1 });
  expect(merged.merged).toBe(true);
});
