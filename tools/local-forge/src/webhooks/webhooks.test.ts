import { join } from 'node:path';
import type { Octokit } from 'octokit';
import {
  client,
  clone,
  git,
  pushBranch,
  refusalOf,
  type RunningForge,
  signatureOf,
  startForge,
  startReceiver,
  temporaryDirectory,
} from '../testing/harness';

jest.setTimeout(30_000);

const at = { owner: 'acme', repo: 'shop' };
const secret = 'a shared secret';
let data: Awaited<ReturnType<typeof temporaryDirectory>>;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let status = 204;
let forge: RunningForge;
let octokit: Octokit;
let work: string;

const start = async (overrides: Parameters<typeof startForge>[1] = {}): Promise<void> => {
  forge = await startForge(join(data.path, 'data'), overrides);
  octokit = client(forge.url);
};

beforeEach(async () => {
  status = 204;
  data = await temporaryDirectory();
  receiver = await startReceiver(() => status);
  await start();
  await octokit.rest.repos.createInOrg({ org: at.owner, name: at.repo, auto_init: true });
  work = await clone(`${forge.url}/acme/shop.git`, join(data.path, 'work'));
});
afterEach(async () => {
  await forge.stop();
  await receiver.stop();
  await data.remove();
  expect(forge.warnings).toEqual([]);
});

const addHook = async () =>
  (
    await octokit.rest.repos.createWebhook({
      ...at,
      config: { url: receiver.url, content_type: 'json', secret },
      events: ['pull_request'],
    })
  ).data;

const open = async (branch: string) => {
  const sha = await pushBranch(work, branch, { [`${branch}.txt`]: branch });
  await octokit.rest.pulls.create({ ...at, head: branch, base: 'main', title: `Change ${branch}` });
  return sha;
};

type Event = {
  action: string;
  number: number;
  before?: string;
  after?: string;
  pull_request: { merged: boolean; head: { sha: string } };
};

const nextEvent = async (): Promise<Event> => JSON.parse((await receiver.next()).body) as Event;

it('signs the exact bytes it sends, under the headers and in the shape of GitHub', async () => {
  await addHook();
  const sha = await open('loom/a');
  const { headers, body } = await receiver.next();
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
      html_url: `${forge.url}/acme/shop/pull/1`,
      head: { sha, ref: 'loom/a' },
      base: { ref: 'main' },
    },
    repository: {
      name: 'shop',
      full_name: 'acme/shop',
      owner: { login: 'acme' },
      html_url: `${forge.url}/acme/shop`,
      clone_url: `${forge.url}/acme/shop.git`,
      default_branch: 'main',
    },
    sender: { login: 'loom' },
  });
});

it('tells of every change, in order: pushed to, closed, reopened, merged', async () => {
  await addHook();
  const before = await open('loom/a');
  const after = await pushBranch(work, 'loom/a', { 'more.txt': '1' }, 'loom/a');
  await octokit.rest.pulls.update({ ...at, pull_number: 1, state: 'closed' });
  await octokit.rest.pulls.update({ ...at, pull_number: 1, state: 'open' });
  await octokit.rest.pulls.merge({ ...at, pull_number: 1 });
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
  await addHook();
  await open('loom/a');
  await git(work, 'push', '--quiet', 'origin', 'loom/a:main');
  expect((await nextEvent()).action).toBe('opened');
  expect(await nextEvent()).toMatchObject({ action: 'closed', number: 1, pull_request: { merged: true } });
});

it('serves owners, and skips webhooks that are inactive or want other events', async () => {
  const config = { url: receiver.url, content_type: 'json', secret };
  const { data: hook } = await octokit.rest.orgs.createWebhook({
    org: 'acme',
    name: 'web',
    config,
    events: ['pull_request'],
  });
  await octokit.rest.repos.createWebhook({ ...at, config, events: ['push'] });
  await octokit.rest.repos.createWebhook({ ...at, config, events: ['pull_request'], active: false });
  await open('loom/a');
  await receiver.next();
  await octokit.rest.orgs.deleteWebhook({ org: 'acme', hook_id: hook.id });
  await octokit.rest.pulls.update({ ...at, pull_number: 1, state: 'closed' });
  await forge.stop();
  expect(receiver.pending).toEqual([]);
  await start();
});

it('shows, changes and removes webhooks, never their secret', async () => {
  const hook = await addHook();
  expect(hook).toMatchObject({
    active: true,
    events: ['pull_request'],
    config: { url: receiver.url, secret: '********' },
  });
  const args = { ...at, hook_id: hook.id };
  const { data: changed } = await octokit.rest.repos.updateWebhook({
    ...args,
    active: false,
    config: { url: 'http://127.0.0.1:9/x' },
  });
  expect(changed).toMatchObject({
    active: false,
    config: { url: 'http://127.0.0.1:9/x', secret: '********' },
  });
  expect((await octokit.rest.repos.listWebhooks(at)).data).toHaveLength(1);
  await octokit.rest.repos.deleteWebhook(args);
  expect((await refusalOf(octokit.rest.repos.getWebhook(args))).status).toBe(404);
  const local = octokit.rest.repos.createWebhook({ ...at, config: { url: 'file:///etc/passwd' } });
  expect(await refusalOf(local)).toMatchObject({ status: 422, body: { errors: [{ field: 'config.url' }] } });
});

it('records a failed delivery and delivers it again on request, under the same id', async () => {
  const hook = await addHook();
  status = 500;
  await open('loom/a');
  const first = await receiver.next();
  await forge.stop();
  await start();
  const args = { ...at, hook_id: hook.id };
  const { data: failed } = await octokit.rest.repos.listWebhookDeliveries(args);
  expect(failed).toMatchObject([
    { status: 'failed', status_code: 500, event: 'pull_request', action: 'opened', redelivery: false },
  ]);
  status = 204;
  await octokit.rest.repos.redeliverWebhookDelivery({ ...args, delivery_id: failed[0]?.id ?? 0 });
  const second = await receiver.next();
  expect(second.body).toBe(first.body);
  expect(second.headers['x-github-delivery']).toBe(first.headers['x-github-delivery']);
  await forge.stop();
  await start();
  const { data: all } = await octokit.rest.repos.listWebhookDeliveries(args);
  expect(all).toMatchObject([{ status: 'OK', status_code: 204, redelivery: true }, { status: 'failed' }]);
});

it('keeps the last hundred deliveries of a webhook', async () => {
  const hook = await addHook();
  await open('loom/a');
  for (let round = 0; round < 52; round += 1) {
    await octokit.rest.pulls.update({ ...at, pull_number: 1, state: 'closed' });
    await octokit.rest.pulls.update({ ...at, pull_number: 1, state: 'open' });
  }
  for (let left = 105; left > 0; left -= 1) await receiver.next();
  await forge.stop();
  await start();
  const { data: kept } = await octokit.rest.repos.listWebhookDeliveries({
    ...at,
    hook_id: hook.id,
    per_page: 100,
  });
  expect(kept).toHaveLength(100);
  expect(kept[0]?.action).toBe('reopened');
});

it('drops every webhook when told to, and says so in the log', async () => {
  await forge.stop();
  await start({ dropWebhooks: true });
  const hook = await addHook();
  await git(work, 'remote', 'set-url', 'origin', `${forge.url}/acme/shop.git`);
  await open('loom/a');
  await forge.stop();
  expect(receiver.pending).toEqual([]);
  await start();
  const { data: log } = await octokit.rest.repos.listWebhookDeliveries({ ...at, hook_id: hook.id });
  expect(log).toMatchObject([{ status: 'dropped', status_code: 0 }]);
});

it('does not wait for a receiver: one that is away costs the client nothing', async () => {
  await octokit.rest.repos.createWebhook({
    ...at,
    config: { url: 'http://127.0.0.1:9/', content_type: 'json' },
    events: ['*'],
  });
  await open('loom/a');
  const { data: merged } = await octokit.rest.pulls.merge({ ...at, pull_number: 1 });
  expect(merged.merged).toBe(true);
});
