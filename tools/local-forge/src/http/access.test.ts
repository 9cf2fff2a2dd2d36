import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  client,
  clone,
  git,
  pushBranch,
  raw,
  refusalOf,
  type RunningForge,
  startForge,
  temporaryDirectory,
} from '../testing/harness';

jest.setTimeout(30_000);

let data: Awaited<ReturnType<typeof temporaryDirectory>>;
let open: RunningForge;
let guarded: RunningForge;
const token = 'a-token-of-the-test';

beforeAll(async () => {
  data = await temporaryDirectory();
  open = await startForge(join(data.path, 'open'));
  guarded = await startForge(join(data.path, 'guarded'), { token });
  for (const octokit of [client(open.url), client(guarded.url, token)]) {
    await octokit.rest.repos.createInOrg({ org: 'acme', name: 'shop', auto_init: true });
  }
  await writeFile(join(data.path, 'outside.txt'), 'outside');
});
afterAll(async () => {
  await open.stop();
  await guarded.stop();
  await data.remove();
});

describe('a configured token', () => {
  it('is needed for writes, and a wrong one refuses even reads', async () => {
    const { url } = guarded;
    expect((await client(url).rest.repos.get({ owner: 'acme', repo: 'shop' })).status).toBe(200);
    const create = (auth?: string) =>
      client(url, auth).rest.repos.createInOrg({ org: 'acme', name: 'other' });
    expect(await refusalOf(create())).toMatchObject({
      status: 401,
      body: { message: 'Requires authentication' },
    });
    expect(await refusalOf(create('wrong-token'))).toMatchObject({
      status: 401,
      body: { message: 'Bad credentials' },
    });
    expect(
      (await refusalOf(client(url, 'wrong-token').rest.repos.get({ owner: 'acme', repo: 'shop' }))).status,
    ).toBe(401);
    expect((await refusalOf(client(url).rest.users.getAuthenticated())).status).toBe(401);
    expect(
      (await refusalOf(client(url).rest.repos.listWebhooks({ owner: 'acme', repo: 'shop' }))).status,
    ).toBe(401);
    expect((await client(url, token).rest.users.getAuthenticated()).data.login).toBe('loom');
    expect((await fetch(`${url}/user`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
  });

  it('is needed for pushes, as a password or in a header, but not for clones', async () => {
    const address = new URL(`${guarded.url}/acme/shop.git`);
    const work = await clone(address.href, join(data.path, 'work'));
    await expect(pushBranch(work, 'a', { 'a.txt': 'a' })).rejects.toThrow(
      /terminal prompts disabled|Authentication failed/,
    );
    await git(work, 'config', 'http.extraHeader', 'Authorization: Bearer wrong-token');
    await expect(git(work, 'push', 'origin', 'a')).rejects.toThrow();
    await git(work, 'config', 'http.extraHeader', `Authorization: Bearer ${token}`);
    await git(work, 'push', '--quiet', 'origin', 'a');
    await git(work, 'config', '--unset', 'http.extraHeader');
    await git(work, 'push', '--quiet', `http://anyone:${token}@${address.host}/acme/shop.git`, 'a:b');
    const { data: branches } = await client(guarded.url).rest.repos.listBranches({
      owner: 'acme',
      repo: 'shop',
    });
    expect(branches.map((branch) => branch.name)).toEqual(['a', 'b', 'main']);
  });
});

describe('paths', () => {
  const escapes = [
    '/repos/../../etc',
    '/repos/acme/..%2f..%2foutside',
    '/repos/%2e%2e/%2e%2e',
    '/repos/acme/shop/contents/..%2f..%2f..%2f..%2foutside.txt',
    '/repos/acme/shop/contents/%2e%2e/HEAD',
    '/repos/acme/shop/contents/a%00b',
    '/repos/acme/shop/contents/README.md?ref=--output=x',
    '/repos/acme/shop/contents/README.md?ref=main:README.md',
    '/repos/acme/shop/git/trees/HEAD%5e%7btree%7d',
    '/../../outside.txt',
    '/acme/../../outside.git/info/refs?service=git-upload-pack',
    '/acme/..%2f..%2f..%2foutside/info/refs?service=git-upload-pack',
    '/%2e%2e/open/info/refs?service=git-upload-pack',
    '/acme/-shop.git/info/refs?service=git-upload-pack',
    '/acme/shop.git/objects/info/packs',
    '/acme/shop.git/config',
    '/acme/shop.git/HEAD',
  ];
  it.each(escapes)('finds nothing at %s', async (path) => {
    const answer = await raw(open.url, path);
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body)).toMatchObject({ message: 'Not Found' });
  });

  it.each(['..', '.', '-x', 'a/b', '.git', 'x.git', 'a b', 'x\n', ''])(
    'refuses a repository named %j',
    async (name) => {
      expect((await refusalOf(client(open.url).rest.repos.createInOrg({ org: 'acme', name }))).status).toBe(
        422,
      );
    },
  );

  it.each(['..', 'api', 'Repos', '-x', 'a.b'])('knows no owner named %j', async (org) => {
    expect((await raw(open.url, `/orgs/${encodeURIComponent(org)}/repos`)).status).toBe(404);
  });
});

describe('requests', () => {
  const post = (body: string, type = 'application/json') =>
    fetch(`${open.url}/orgs/acme/repos`, { method: 'POST', body, headers: { 'content-type': type } });

  it('answers broken, wrong and oversized bodies', async () => {
    const broken = await post('{"name":');
    expect([broken.status, ((await broken.json()) as { message: string }).message]).toEqual([
      400,
      'Problems parsing JSON',
    ]);
    expect((await post('[1]')).status).toBe(400);
    expect((await post('{"name":7}')).status).toBe(422);
    expect((await post(JSON.stringify({ name: 'x'.repeat(1_100_000) }))).status).toBe(413);
    expect((await raw(open.url, '/repos/acme/%E0%A4%A')).status).toBe(400);
  });

  it('answers an unknown route as GitHub does, under every prefix', async () => {
    for (const path of [
      '/nothing/at/all',
      '/api/v3/nothing',
      '/api/v1/repos/acme/shop/nothing',
      '/repos/acme/absent',
    ]) {
      const answer = await raw(open.url, path);
      expect([answer.status, (JSON.parse(answer.body) as { message: string }).message]).toEqual([
        404,
        'Not Found',
      ]);
    }
    expect((await raw(open.url, '/healthz')).status).toBe(200);
  });

  it('refuses what a page of another site causes, and other names of this host when no token protects', async () => {
    expect((await raw(open.url, '/repos/acme/shop', { host: 'evil.example' })).status).toBe(403);
    expect((await raw(guarded.url, '/repos/acme/shop', { host: 'forge.example' })).status).toBe(200);
    const foreign = { 'sec-fetch-site': 'cross-site' };
    expect((await raw(open.url, '/repos/acme/shop/git/refs/heads/main', foreign, 'DELETE')).status).toBe(403);
  });
});
