import { join } from 'node:path';
import type { Octokit } from 'octokit';
import {
  client,
  clone,
  pushBranch,
  type RunningForge,
  startForge,
  temporaryDirectory,
} from '../testing/harness';
import { parsePatch } from './diff-view';
import { html } from './html';

jest.setTimeout(30_000);

const at = { owner: 'acme', repo: 'shop' };
const token = 'a-token-of-the-test';
let data: Awaited<ReturnType<typeof temporaryDirectory>>;
let forge: RunningForge;
let octokit: Octokit;
let work: string;

beforeAll(async () => {
  data = await temporaryDirectory();
  forge = await startForge(join(data.path, 'data'), { token });
  octokit = client(forge.url, token);
  await octokit.rest.repos.createInOrg({ org: at.owner, name: at.repo, auto_init: true });
  work = await clone(`http://x:${token}@${new URL(forge.url).host}/acme/shop.git`, join(data.path, 'work'));
});
afterAll(async () => {
  await forge.stop();
  await data.remove();
});

const open = async (branch: string, files: Record<string, string>, title = `Change ${branch}`, body = '') => {
  await pushBranch(work, branch, files);
  return (await octokit.rest.pulls.create({ ...at, head: branch, base: 'main', title, body })).data.number;
};

const page = async (path: string) => {
  const response = await fetch(forge.url + path, { headers: { accept: 'text/html' } });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

const post = (path: string, fields: Record<string, string>, base = forge.url) =>
  fetch(base + path, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });

const csrfOf = (text: string): string => /name="csrf" value="([0-9a-f]{64})"/.exec(text)?.[1] ?? '';

const hostile = '<script>alert("1")</script>';

it('escapes what others wrote, and forbids scripts altogether', async () => {
  const number = await open('loom/hostile', { 'evil.html': `${hostile}\n` }, hostile, `"'> ${hostile}`);
  for (const path of [`/acme/shop/pull/${number}`, '/acme/shop/pulls', '/pulls']) {
    const { status, headers, text } = await page(path);
    expect(status).toBe(200);
    expect(text).not.toContain('<script');
    expect(text).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*style-src 'self'/);
    expect(text).not.toMatch(/style=|onclick=|<style/);
  }
  expect((await page('/assets/style.css')).headers.get('content-type')).toMatch(/^text\/css/);
});

it('shows a pull request with its diff, and merges it on a click', async () => {
  const number = await open('loom/a', { 'a.txt': 'one\n' }, 'Add a file', 'For the demo');
  const path = `/acme/shop/pull/${number}`;
  const { text } = await page(path);
  expect(text).toContain('For the demo');
  expect(text).toContain('can be merged');
  expect(text).toMatch(/<tr class="add">[^+]*<td class="line">\+one</);
  const { data: pull } = await octokit.rest.pulls.get({ ...at, pull_number: number });
  const fields = { csrf: csrfOf(text), sha: pull.head.sha, from: 'pull' };
  const answer = await post(`${path}/merge`, fields);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, `${path}?notice=merged`]);
  expect((await octokit.rest.pulls.get({ ...at, pull_number: number })).data.merged).toBe(true);
  expect((await page(`${path}?notice=merged`)).text).toContain('Merged.');
});

it('shows a file of the default branch, of any other, and of a commit', async () => {
  const sha = await pushBranch(work, 'loom/file', {
    'apps/a b/ü.yaml': `one: 1\n${hostile}\n`,
    'x.bin': 'a\0b',
  });
  const path = 'apps/a%20b/%C3%BC.yaml';
  for (const ref of ['loom/file', sha]) {
    const { status, text } = await page(`/acme/shop/blob/${ref}/${path}`);
    expect(status).toBe(200);
    expect(text).toMatch(/<td class="n">1<\/td>\s*<td class="line">one: 1</);
    expect(text).not.toContain('<script');
  }
  expect((await page('/acme/shop/blob/loom/file/x.bin')).text).toContain('No text to show');
  expect((await page('/acme/shop/blob/HEAD/README.md')).text).toContain('# shop');
  expect((await page('/acme/shop')).text).toContain('href="/acme/shop/blob/HEAD/README.md"');
  for (const absent of [
    `HEAD/${path}`,
    'HEAD/apps',
    'HEAD',
    'none/README.md',
    'HEAD/../config',
    'HEAD/%2e%2e/x',
  ])
    expect([absent, (await page(`/acme/shop/blob/${absent}`)).status]).toEqual([absent, 404]);
});

it('merges nothing without the token of the page, or when the branch has moved since', async () => {
  const number = await open('loom/b', { 'b.txt': 'one\n' });
  const path = `/acme/shop/pull/${number}`;
  const csrf = csrfOf((await page(path)).text);
  const { data: pull } = await octokit.rest.pulls.get({ ...at, pull_number: number });
  expect((await post(`${path}/merge`, { csrf: 'f'.repeat(64), sha: pull.head.sha })).status).toBe(403);
  expect((await post(`${path}/merge`, { sha: pull.head.sha })).status).toBe(403);
  await pushBranch(work, 'loom/b', { 'b.txt': 'two\n' }, 'loom/b');
  const moved = await post(`${path}/merge`, { csrf, sha: pull.head.sha, from: 'pull' });
  expect(moved.headers.get('location')).toBe(`${path}?notice=moved`);
  const unseen = await post(`${path}/merge`, { csrf, from: 'pull' });
  expect(unseen.headers.get('location')).toBe(`${path}?notice=moved`);
  expect((await octokit.rest.pulls.get({ ...at, pull_number: number })).data.state).toBe('open');
  const closed = await post(`${path}/close`, { csrf, from: 'all:2' });
  expect(closed.headers.get('location')).toBe('/pulls?page=2&notice=closed');
  expect((await octokit.rest.pulls.get({ ...at, pull_number: number })).data.state).toBe('closed');
});

it('names the files of a conflict and offers no merge', async () => {
  const number = await open('loom/conflict', { 'README.md': 'mine\n' });
  await pushBranch(work, 'main', { 'README.md': 'theirs\n' });
  const { text } = await page(`/acme/shop/pull/${number}`);
  expect(text).toContain('conflicts with the base branch');
  expect(text).toContain('<li class="mono">README.md</li>');
  expect(text).not.toContain(`/pull/${number}/merge"`);
  expect(text).toContain(`/pull/${number}/close"`);
});

it('lists repositories, files, commits and several pages of pull requests', async () => {
  for (let index = 0; index < 26; index += 1) await open(`many/${index}`, { [`${index}.txt`]: 'x' });
  const { text: first } = await page('/pulls');
  expect(first).toContain('Page 1 of 2');
  expect(first.match(/>\s*Merge\s*<\/button>/g)).toHaveLength(24);
  expect((await page('/pulls?page=99')).text).toContain('Page 2 of 2');
  expect((await page('/')).text).toMatch(/href="\/acme\/shop\/pulls">\d+ open</);
  const { text } = await page('/acme/shop');
  expect(text).toContain('README.md');
  expect(text).toContain('Latest commits');
  expect((await page('/acme/shop/pulls?state=closed')).text).toContain('Add a file');
});

it('shows a page, not JSON, to a browser that is lost', async () => {
  const { status, text } = await page('/acme/absent');
  expect(status).toBe(404);
  expect(text).toContain('<h1>Not Found</h1>');
});

it('asks for the token where others than this machine reach the buttons', async () => {
  const wide = await startForge(join(data.path, 'wide'), { token, loopback: false });
  try {
    await client(wide.url, token).rest.repos.createInOrg({ org: at.owner, name: at.repo, auto_init: true });
    const clonePath = await clone(
      `http://x:${token}@${new URL(wide.url).host}/acme/shop.git`,
      join(data.path, 'wide-work'),
    );
    await pushBranch(clonePath, 'a', { 'a.txt': 'a' });
    await client(wide.url, token).rest.pulls.create({ ...at, head: 'a', base: 'main', title: 'a' });
    const csrf = csrfOf(await (await fetch(`${wide.url}/acme/shop/pull/1`)).text());
    const refused = await post('/acme/shop/pull/1/close', { csrf }, wide.url);
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      'Basic realm="local-forge"',
    ]);
  } finally {
    await wide.stop();
  }
});

it('numbers the lines of a patch', () => {
  const lines = parsePatch('@@ -3,2 +5,2 @@ f\n same\n-old\n+new\n\\ No newline at end of file');
  expect(lines.map(({ kind, old, new: now }) => [kind, old, now])).toEqual([
    ['hunk', '', ''],
    ['same', '3', '5'],
    ['del', '4', ''],
    ['add', '', '6'],
    ['note', '', ''],
  ]);
});

it('escapes every part of a template but markup', () => {
  const text = `<a href='x'>&"`;
  expect(html`${text}${html`<b>${1}</b>`}${[html`<i></i>`]}${undefined}`.markup).toBe(
    '&lt;a href=&#39;x&#39;&gt;&amp;&quot;<b>1</b><i></i>',
  );
});
