import { git } from '../testing/harness';
import { at, useHookedShop } from '../testing/hooked-shop';

jest.setTimeout(30_000);

const shop = useHookedShop();

it('records a failed delivery and delivers it again on request, under the same id', async () => {
  const hook = await shop.addHook();
  shop.answer(500);
  await shop.open('loom/a');
  const first = await shop.receiver.next();
  await shop.restart();
  const args = { ...at, hook_id: hook.id };
  const { data: failed } = await shop.octokit.rest.repos.listWebhookDeliveries(args);
  expect(failed).toMatchObject([
    { status: 'failed', status_code: 500, event: 'pull_request', action: 'opened', redelivery: false },
  ]);
  shop.answer(204);
  await shop.octokit.rest.repos.redeliverWebhookDelivery({ ...args, delivery_id: failed[0]?.id ?? 0 });
  const second = await shop.receiver.next();
  expect(second.body).toBe(first.body);
  expect(second.headers['x-github-delivery']).toBe(first.headers['x-github-delivery']);
  await shop.restart();
  const { data: all } = await shop.octokit.rest.repos.listWebhookDeliveries(args);
  expect(all).toMatchObject([{ status: 'OK', status_code: 204, redelivery: true }, { status: 'failed' }]);
});

it('keeps the last hundred deliveries of a webhook', async () => {
  const hook = await shop.addHook();
  await shop.open('loom/a');
  for (let round = 0; round < 52; round += 1) {
    await shop.octokit.rest.pulls.update({ ...at, pull_number: 1, state: 'closed' });
    await shop.octokit.rest.pulls.update({ ...at, pull_number: 1, state: 'open' });
  }
  for (let left = 105; left > 0; left -= 1) await shop.receiver.next();
  await shop.restart();
  const { data: kept } = await shop.octokit.rest.repos.listWebhookDeliveries({
    ...at,
    hook_id: hook.id,
    per_page: 100,
  });
  expect(kept).toHaveLength(100);
  expect(kept[0]?.action).toBe('reopened');
});

it('drops every webhook when told to, and says so in the log', async () => {
  await shop.restart({ dropWebhooks: true });
  const hook = await shop.addHook();
  await git(shop.work, 'remote', 'set-url', 'origin', `${shop.forge.url}/acme/shop.git`);
  await shop.open('loom/a');
  await shop.restart();
  expect(shop.receiver.pending).toEqual([]);
  const { data: log } = await shop.octokit.rest.repos.listWebhookDeliveries({ ...at, hook_id: hook.id });
  expect(log).toMatchObject([{ status: 'dropped', status_code: 0 }]);
});
