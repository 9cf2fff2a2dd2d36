import { readFile, writeFile } from 'node:fs/promises';
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

beforeAll(async () => {
  data = await temporaryDirectory();
  open = await startForge(join(data.path, 'open'));
  await client(open.url).rest.repos.createInOrg({ org: 'acme', name: 'shop', auto_init: true });
});
afterAll(async () => {
  await open.stop();
  await data.remove();
});

describe('repositories', () => {
  it('are listed in pages, by owner, and created once', async () => {
    const octokit = client(open.url);
    for (const name of ['a', 'b', 'c']) await octokit.rest.repos.createInOrg({ org: 'many', name });
    const first = await octokit.rest.repos.listForOrg({ org: 'many', per_page: 2 });
    expect(first.data.map((each) => each.name)).toEqual(['a', 'b']);
    expect(first.headers.link).toContain('rel="next"');
    expect(
      await octokit.paginate(octokit.rest.repos.listForUser, { username: 'many', per_page: 1 }),
    ).toHaveLength(3);
    const again = await refusalOf(octokit.rest.repos.createInOrg({ org: 'many', name: 'a' }));
    expect(again).toMatchObject({
      status: 422,
      body: { errors: [{ message: 'name already exists on this account' }] },
    });
    const { data: own } = await octokit.rest.repos.createForAuthenticatedUser({
      name: 'own',
      description: 'Mine',
    });
    expect(own).toMatchObject({ full_name: 'loom/own', description: 'Mine', default_branch: 'main' });
  });

  it('take the first pushed branch as default when theirs has no commit', async () => {
    const octokit = client(open.url);
    await octokit.rest.repos.createInOrg({ org: 'many', name: 'old' });
    const work = await clone(`${open.url}/many/old.git`, join(data.path, 'old'));
    await git(work, 'commit', '--quiet', '--allow-empty', '-m', 'first');
    await git(work, 'push', '--quiet', 'origin', 'HEAD:refs/heads/master');
    expect((await octokit.rest.repos.get({ owner: 'many', repo: 'old' })).data.default_branch).toBe('master');
  });

  it('give files, directories, trees, branches and refs', async () => {
    const octokit = client(`${open.url}/api/v3`);
    const at = { owner: 'acme', repo: 'shop' };
    const work = await clone(`${open.url}/acme/shop.git`, join(data.path, 'tree'));
    const sha = await pushBranch(work, 'loom/tree', { 'src/a b/ü.txt': 'text' });
    const ref = 'loom/tree';
    const { data: root } = await octokit.rest.repos.getContent({ ...at, path: '', ref });
    expect(root).toMatchObject([
      { name: 'README.md', type: 'file' },
      { name: 'src', type: 'dir', path: 'src' },
    ]);
    const { data: file } = await octokit.rest.repos.getContent({ ...at, path: 'src/a b/ü.txt', ref });
    expect(file).toMatchObject({ type: 'file', encoding: 'base64', content: 'dGV4dA==', size: 4 });
    const { data: text } = await octokit.rest.repos.getContent({
      ...at,
      path: 'src/a b/ü.txt',
      ref: sha,
      mediaType: { format: 'raw' },
    });
    expect(Buffer.from(text as unknown as ArrayBuffer).toString()).toBe('text');
    expect((await refusalOf(octokit.rest.repos.getContent({ ...at, path: 'absent' }))).status).toBe(404);
    expect((await octokit.rest.git.getRef({ ...at, ref: 'heads/loom/tree' })).data).toMatchObject({
      ref: 'refs/heads/loom/tree',
      object: { sha },
    });
    expect((await octokit.rest.repos.getBranch({ ...at, branch: ref })).data).toMatchObject({
      name: ref,
      commit: { sha },
    });
    const { data: tree } = await octokit.rest.git.getTree({ ...at, tree_sha: sha, recursive: 'true' });
    expect(tree.tree.map((entry) => entry.path)).toEqual(['README.md', 'src', 'src/a b', 'src/a b/ü.txt']);
    expect(tree.truncated).toBe(false);
    const unescaped = await fetch(`${open.url}/api/v1/repos/acme/shop/branches/loom/tree`);
    expect(unescaped.status).toBe(200);
  });

  it('do not let refs of the forge be pushed', async () => {
    const work = await clone(`${open.url}/acme/shop.git`, join(data.path, 'hidden'));
    await expect(git(work, 'push', 'origin', 'HEAD:refs/forge/merged/1')).rejects.toThrow(/hidden ref/);
    await expect(git(work, 'push', 'origin', 'HEAD:refs/pull/1/head')).rejects.toThrow(/hidden ref/);
  });

  it('say which file is broken, and leave it alone', async () => {
    const octokit = client(open.url);
    await octokit.rest.repos.createInOrg({ org: 'many', name: 'broken' });
    const path = join(data.path, 'open', 'state', 'many', 'broken.json');
    await writeFile(path, '{"half":');
    const second = await startForge(join(data.path, 'open'));
    expect((await raw(second.url, '/repos/many/broken')).status).toBe(500);
    expect(second.warnings).toEqual([expect.stringContaining(path)]);
    expect(await readFile(path, 'utf8')).toBe('{"half":');
    await second.stop();
  });
});
