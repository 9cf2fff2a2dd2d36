import { ensureWebhooks } from './webhooks';

const access = { forgeUrl: 'http://forge.example/api/v1', token: 't' };
const target = { url: 'http://migrator.example/webhooks/github', secret: 'a-secret' };
const config = { ...target, content_type: 'json' };
const hook = { name: 'web', config, events: ['pull_request'], active: true };

/** Answers by what was asked; what no answer is for is a 500. */
function forge(answers: Readonly<Record<string, [number, unknown]>>) {
  const asked: { what: string; body: unknown }[] = [];
  jest.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    const { pathname } = new URL(input);
    const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
    const what = `${init?.method ?? 'GET'} ${pathname.slice('/api/v1'.length)}`;
    asked.push({ what, body });
    const kind = (body as { type?: string } | undefined)?.type;
    const [status, answer] = answers[kind === undefined ? what : `${what} ${kind}`] ?? [500, what];
    return Promise.resolve(new Response(status === 204 ? null : JSON.stringify(answer), { status }));
  });
  return asked;
}

it('is made once for the owner, anew where one of the same address is there', async () => {
  const others = { id: 1, config: { url: 'http://elsewhere.example' } };
  const asked = forge({
    'GET /orgs/acme/hooks': [200, [others, { id: 2, config: { url: target.url } }]],
    'DELETE /orgs/acme/hooks/2': [204, undefined],
    'POST /orgs/acme/hooks': [201, {}],
  });
  await ensureWebhooks(access, 'acme', ['acme/one'], target);
  expect(asked.slice(-2)).toEqual([
    { what: 'DELETE /orgs/acme/hooks/2', body: undefined },
    { what: 'POST /orgs/acme/hooks', body: hook },
  ]);
});

it.each([403, 404])(
  'is one of each repository where the owner is closed to the token (%i)',
  async (status) => {
    const asked = forge({
      'GET /orgs/acme/hooks': [status, {}],
      'GET /repos/acme/one/hooks': [200, []],
      'GET /repos/acme/two/hooks': [200, []],
      'POST /repos/acme/one/hooks': [201, {}],
      'POST /repos/acme/two/hooks': [201, {}],
    });
    await ensureWebhooks(access, 'acme', ['acme/one', 'acme/two'], target);
    const made = asked.filter(({ what }) => what.startsWith('POST'));
    expect(made.map(({ what }) => what)).toEqual([
      'POST /repos/acme/one/hooks',
      'POST /repos/acme/two/hooks',
    ]);
  },
);

it('is given the kind that Gitea asks for, and no other refusal is passed over', async () => {
  const missing: [number, unknown] = [422, { message: '[Type]: Required' }];
  const asked = forge({
    'GET /orgs/acme/hooks': [200, []],
    'POST /orgs/acme/hooks': missing,
    'POST /orgs/acme/hooks gitea': [201, {}],
  });
  await ensureWebhooks(access, 'acme', [], target);
  expect(asked.at(-1)).toEqual({ what: 'POST /orgs/acme/hooks', body: { ...hook, type: 'gitea' } });
  forge({ 'GET /orgs/acme/hooks': [200, []], 'POST /orgs/acme/hooks': [422, { message: 'Invalid url' }] });
  await expect(ensureWebhooks(access, 'acme', [], target)).rejects.toThrow('422 {"message":"Invalid url"}');
});
