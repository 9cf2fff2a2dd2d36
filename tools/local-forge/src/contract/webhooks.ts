import { signatureOf, startReceiver } from '../testing/harness';
import { ensureWebhooks } from '@loom/seed';
import { createClient, createRepository, type ForgeUnderTest } from './forge-under-test';

type Hook = { readonly id: number; readonly config: { readonly url: string } };

/** Webhooks: made as `tools/seed` makes them, and what they bring. */
export const webhooksContract = (forge: () => ForgeUnderTest): void => {
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.stop());

  const ensure = (repo: string, secret: string): Promise<void> => {
    const { apiUrl, webUrl, token, owner } = forge();
    const access = { forgeUrl: apiUrl, gitUrl: webUrl, token };
    return ensureWebhooks(access, owner, [repo], { url: receiver.url, secret });
  };
  const hooks = async (): Promise<readonly Hook[]> => {
    const client = createClient(forge(), forge().token);
    const all = (await client.call('GET', `/orgs/${forge().owner}/hooks`)).body as Hook[];
    return all.filter(({ config }) => config.url === receiver.url);
  };
  /** The next delivery that says `closed`; a forge may tell of more than that. */
  const nextClosed = async () => {
    for (;;) {
      const { headers, body } = await receiver.next();
      const event = JSON.parse(body) as { action: string };
      if (headers['x-github-event'] === 'pull_request' && event.action === 'closed')
        return { headers, body, event };
    }
  };

  it('tells of a merge, signed with the secret', async () => {
    const at = await createRepository(forge(), 'hooked');
    await ensure(at.fullName, 'the-first-secret');
    const { number, html_url } = await at.open('loom/a');
    await at.pullThat(number, ({ mergeable }) => mergeable === true);
    await forge().merge(at.fullName, number);
    const { headers, body, event } = await nextClosed();
    expect(headers['x-hub-signature-256']).toBe(signatureOf('the-first-secret', body));
    expect(headers['content-type']).toContain('application/json');
    expect(headers['x-github-delivery']).toMatch(/^[0-9a-f-]{36}$/);
    const { merge_commit_sha } = await at.pull(number);
    expect(event).toMatchObject({
      pull_request: { number, html_url, state: 'closed', merged: true, merge_commit_sha },
      repository: { full_name: at.fullName },
    });
  });

  it('tells of one that was closed, by hand or with its branch', async () => {
    const at = await createRepository(forge(), 'hooked-closed');
    await ensure(at.fullName, 'a-secret');
    const byHand = await at.open('loom/a');
    const path = `/repos/${at.fullName}/pulls/${byHand.number}`;
    await createClient(forge(), forge().token).call('PATCH', path, { state: 'closed' });
    expect((await nextClosed()).event).toMatchObject({
      pull_request: { number: byHand.number, merged: false },
    });
    const withBranch = await at.open('loom/b');
    await at.git('push', '--quiet', 'origin', ':refs/heads/loom/b');
    expect((await nextClosed()).event).toMatchObject({
      pull_request: { number: withBranch.number, merged: false },
    });
  });

  it('is one for an address however often it is made, with the newest secret, and shows it to nobody', async () => {
    const at = await createRepository(forge(), 'hooked-twice');
    await ensure(at.fullName, 'an-old-secret');
    await ensure(at.fullName, 'the-new-secret');
    const made = await hooks();
    expect(made).toHaveLength(1);
    expect(JSON.stringify(made)).not.toMatch(/old-secret|new-secret/);
    const { number } = await at.open('loom/a');
    await createClient(forge(), forge().token).call('PATCH', `/repos/${at.fullName}/pulls/${number}`, {
      state: 'closed',
    });
    const { headers, body } = await nextClosed();
    expect(headers['x-hub-signature-256']).toBe(signatureOf('the-new-secret', body));
  });

  it('is deleted by its number', async () => {
    const at = await createRepository(forge(), 'unhooked');
    await ensure(at.fullName, 'a-secret');
    const [hook] = await hooks();
    const path = `/orgs/${forge().owner}/hooks/${hook?.id ?? 0}`;
    expect((await createClient(forge(), forge().token).call('DELETE', path)).status).toBe(204);
    expect(await hooks()).toEqual([]);
  });
};
