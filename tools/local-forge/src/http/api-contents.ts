import type { Request, Router } from 'express';
import type { Branches } from '../repositories/branches';
import type { Commit, Content, TreeEntry } from '../git/content';
import { notFound } from '../errors';
import { treePath } from '../git/names';
import type { Addresses } from '../payloads';
import type { Repositories, Repository } from '../repositories/repositories';
import { repositoryOf } from './api-repositories';
import { requestedPage, sendPage } from './paging';
import { parameter, query } from './request';

/** GitHub gives no content in JSON beyond 1 MB; this is kinder, yet bounded. */
const maximumContentBytes = 8 * 1024 * 1024;
const maximumTreeEntries = 100_000;

export type ContentRouteDeps = {
  readonly repositories: Repositories;
  readonly content: Content;
  readonly branches: Branches;
  readonly addresses: (req: Request) => Addresses;
};

const typeOf = ({ mode, type }: TreeEntry): string => {
  if (type === 'tree') return 'dir';
  if (type === 'commit') return 'submodule';
  return mode === '120000' ? 'symlink' : 'file';
};

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

const entryPayload = (
  entry: TreeEntry,
  path: string,
  ref: string,
  { fullName }: Repository,
  where: Addresses,
) => ({
  type: typeOf(entry),
  name: path.split('/').at(-1) ?? path,
  path,
  sha: entry.sha,
  size: entry.size ?? 0,
  url: `${where.api}/repos/${fullName}/contents/${encodePath(path)}?ref=${encodeURIComponent(ref)}`,
  git_url: `${where.api}/repos/${fullName}/git/trees/${entry.sha}`,
  html_url: `${where.base}/${fullName}`,
  download_url: null,
});

const commitPayload = (
  commit: Commit | undefined,
  sha: string,
  { fullName }: Repository,
  where: Addresses,
) => ({
  sha,
  url: `${where.api}/repos/${fullName}/git/commits/${sha}`,
  commit: {
    message: commit?.subject ?? '',
    author: { name: commit?.author ?? '', email: commit?.email ?? '', date: commit?.date ?? '' },
  },
  parents: commit?.parents.map((parent) => ({ sha: parent })) ?? [],
});

/** The branch of a `heads/...` path, in which clients escape the slashes or do not. @throws not-found */
const branchOf = (req: Request): string => {
  const ref = parameter(req, 'ref');
  if (!ref.startsWith('heads/')) throw notFound();
  return ref.slice('heads/'.length);
};

/** Files, directories, trees and branches. */
export const addContentRoutes = (router: Router, deps: ContentRouteDeps): void => {
  addFiles(router, deps);
  addBranches(router, deps);
  addRefs(router, deps);
};

const addFiles = (router: Router, deps: ContentRouteDeps): void => {
  const { repositories, content, addresses } = deps;

  router.get('/repos/:owner/:repo/contents{/*path}', async (req, res) => {
    const repository = await repositoryOf(repositories, req);
    const { directory } = repository;
    const ref = query(req, 'ref') ?? (await repositories.defaultBranch(repository));
    const path = treePath(parameter(req, 'path'));
    const commit = await content.commitAt(directory, ref);
    const where = addresses(req);
    const entry = path === '' ? undefined : await content.entry(directory, commit, path);
    if (path !== '' && !entry) throw notFound();
    if (!entry || entry.type === 'tree') {
      const entries = await content.tree(directory, entry?.sha ?? commit);
      const under = (name: string): string => (path === '' ? name : `${path}/${name}`);
      res.json(entries.map((each) => entryPayload(each, under(each.path), ref, repository, where)));
      return;
    }
    const fits = entry.type === 'blob' && (entry.size ?? 0) <= maximumContentBytes;
    const bytes = fits ? await content.blob(directory, entry.sha) : Buffer.alloc(0);
    if (fits && /application\/vnd\.github\.(v3\.)?raw/.test(req.get('accept') ?? '')) {
      res.type('application/octet-stream').send(bytes);
      return;
    }
    res.json({
      ...entryPayload(entry, path, ref, repository, where),
      encoding: fits ? 'base64' : 'none',
      content: bytes.toString('base64'),
    });
  });

  router.get('/repos/:owner/:repo/git/trees/*sha', async (req, res) => {
    const repository = await repositoryOf(repositories, req);
    const sha = await content.treeAt(repository.directory, parameter(req, 'sha'));
    const recursive = query(req, 'recursive') !== undefined;
    const entries = await content.tree(repository.directory, sha, recursive);
    res.json({
      sha,
      url: `${addresses(req).api}/repos/${repository.fullName}/git/trees/${sha}`,
      tree: entries.slice(0, maximumTreeEntries),
      truncated: entries.length > maximumTreeEntries,
    });
  });
};

const addBranches = (router: Router, deps: ContentRouteDeps): void => {
  const { repositories, content, addresses } = deps;

  router.get('/repos/:owner/:repo/branches', async (req, res) => {
    const repository = await repositoryOf(repositories, req);
    const all = [...(await content.branches(repository.directory))];
    const page = requestedPage(req, all);
    const items = page.items.map(([name, sha]) => ({ name, commit: { sha }, protected: false }));
    sendPage(req, res, addresses(req).base, { ...page, items });
  });

  router.get('/repos/:owner/:repo/branches/*branch', async (req, res) => {
    const repository = await repositoryOf(repositories, req);
    const name = parameter(req, 'branch');
    const sha = await content.branch(repository.directory, name);
    if (sha === undefined) throw notFound();
    const [commit] = await content.log(repository.directory, sha, 1);
    // `id` is what Gitea calls the SHA here.
    const payload = { id: sha, ...commitPayload(commit, sha, repository, addresses(req)) };
    res.json({ name, commit: payload, protected: false });
  });
};

const addRefs = (router: Router, deps: ContentRouteDeps): void => {
  const { repositories, content, addresses } = deps;

  router.get('/repos/:owner/:repo/git/ref/*ref', async (req, res) => {
    const repository = await repositoryOf(repositories, req);
    const name = branchOf(req);
    const sha = await content.branch(repository.directory, name);
    if (sha === undefined) throw notFound();
    const api = `${addresses(req).api}/repos/${repository.fullName}/git`;
    res.json({
      ref: `refs/heads/${name}`,
      url: `${api}/refs/heads/${encodePath(name)}`,
      object: { type: 'commit', sha, url: `${api}/commits/${sha}` },
    });
  });

  router.delete('/repos/:owner/:repo/git/refs/*ref', async (req, res) => {
    await deps.branches.remove(await repositoryOf(repositories, req), branchOf(req));
    res.status(204).end();
  });
};
