import type { Request, Router } from 'express';
import { z } from 'zod';
import type { Diff } from '../git/diff';
import { ForgeError } from '../errors';
import type { Facts, ReadPullDetail } from '../repositories/facts';
import { isSha } from '../git/names';
import { type Addresses, commentPayload, pullPayload } from '../payloads';
import type { Pulls } from '../repositories/pulls';
import type { Repositories, Repository } from '../repositories/repositories';
import type { Pull } from '../repositories/repository-state';
import { repositoryOf } from './api-repositories';
import { requestedPage, sendPage } from './paging';
import { body, numberParameter, query } from './request';

const title = z.string().trim().min(1).max(256);
const text = z.string().max(65_536);

const newPull = z.object({ title, body: text.nullish(), head: z.string().min(1), base: z.string().min(1) });
const changedPull = z.object({
  title: title.optional(),
  body: text.nullish(),
  state: z.enum(['open', 'closed']).optional(),
});
const mergeBody = z.object({
  merge_method: z.enum(['merge', 'squash', 'rebase']).default('merge'),
  sha: z.string().refine(isSha, 'a full SHA').optional(),
  commit_title: z.string().max(1_000).optional(),
  commit_message: text.optional(),
});
const newComment = z.object({ body: text.min(1) });

export type PullRouteDeps = {
  readonly repositories: Repositories;
  readonly pulls: Pulls;
  readonly diff: Diff;
  readonly facts: Facts;
  readonly pullDetail: ReadPullDetail;
  readonly addresses: (req: Request) => Addresses;
};

const keyOf: Readonly<Record<string, (pull: Pull) => string>> = {
  updated: (pull) => pull.updatedAt,
  created: (pull) => pull.createdAt,
};

/** The pull requests a list request asks for, ordered as it asks. */
const selected = (req: Request, { owner }: Repository, pulls: readonly Pull[]): Pull[] => {
  const state = query(req, 'state') ?? 'open';
  const head = query(req, 'head');
  const base = query(req, 'base');
  const key = keyOf[query(req, 'sort') ?? 'created'] ?? ((pull: Pull) => pull.createdAt);
  const ascending = query(req, 'direction') === 'asc' ? 1 : -1;
  return pulls
    .filter((pull) => state === 'all' || pull.state === state)
    .filter((pull) => head === undefined || head === pull.head || head === `${owner}:${pull.head}`)
    .filter((pull) => base === undefined || base === pull.base)
    .sort((a, b) => ascending * (key(a).localeCompare(key(b)) || a.number - b.number));
};

const wantsDiff = (req: Request): boolean =>
  /application\/vnd\.github\.(v3\.)?diff/.test(req.get('accept') ?? '');

/** Pull requests, their merging, and the comments on them. */
export const addPullRoutes = (router: Router, deps: PullRouteDeps): void => {
  const reading = createReading(deps);
  addReads(router, deps, reading);
  addWrites(router, deps, reading);
  addMerging(router, deps, reading);
  addComments(router, deps, reading);
};

const createReading = (deps: PullRouteDeps) => {
  const { repositories, pulls, facts, addresses } = deps;

  const detailed = async (req: Request, repository: Repository, pull: Pull) => {
    const [about, detail] = await Promise.all([facts(repository), deps.pullDetail(repository, pull)]);
    return pullPayload(pull, about, addresses(req), detail);
  };
  const found = async (req: Request) => {
    const repository = await repositoryOf(repositories, req);
    return { repository, pull: await pulls.find(repository, numberParameter(req, 'number')) };
  };
  return { detailed, found };
};

type Reading = ReturnType<typeof createReading>;

const addReads = (router: Router, deps: PullRouteDeps, { found, detailed }: Reading): void => {
  const { repositories, facts, addresses } = deps;
  router.get('/repos/:owner/:repo/pulls', async (req, res) => {
    const repository = await repositoryOf(repositories, req);
    const [about, state] = await Promise.all([facts(repository), repository.state.read()]);
    const where = addresses(req);
    const page = requestedPage(req, selected(req, repository, state.pulls));
    sendPage(req, res, where.base, {
      ...page,
      items: page.items.map((pull) => pullPayload(pull, about, where)),
    });
  });
  router.get('/repos/:owner/:repo/pulls/:number', async (req, res) => {
    const { repository, pull } = await found(req);
    if (wantsDiff(req)) {
      const diff = await deps.diff.text(repository.directory, pull.baseSha, pull.headSha);
      res.set('content-type', 'application/vnd.github.diff; charset=utf-8').send(diff);
      return;
    }
    res.json(await detailed(req, repository, pull));
  });
  router.get('/repos/:owner/:repo/pulls/:number/files', async (req, res) => {
    const { repository, pull } = await found(req);
    const files = await deps.diff.files(repository.directory, pull.baseSha, pull.headSha);
    const page = requestedPage(req, files);
    const items = page.items.map(({ path, previousPath, ...file }) => ({
      ...file,
      filename: path,
      previous_filename: previousPath,
      changes: file.additions + file.deletions,
    }));
    sendPage(req, res, addresses(req).base, { ...page, items });
  });
};

const addWrites = (router: Router, deps: PullRouteDeps, { detailed }: Reading): void => {
  const { repositories, pulls } = deps;
  router.post('/repos/:owner/:repo/pulls', async (req, res) => {
    const repository = await repositoryOf(repositories, req);
    const pull = await pulls.create(repository, body(req, 'PullRequest', newPull));
    res.status(201).json(await detailed(req, repository, pull));
  });
  router.patch('/repos/:owner/:repo/pulls/:number', async (req, res) => {
    const repository = await repositoryOf(repositories, req);
    const change = body(req, 'PullRequest', changedPull);
    const pull = await pulls.update(repository, numberParameter(req, 'number'), change);
    res.json(await detailed(req, repository, pull));
  });
};

const addMerging = (router: Router, deps: PullRouteDeps, { found }: Reading): void => {
  const { pulls } = deps;
  router.get('/repos/:owner/:repo/pulls/:number/merge', async (req, res) => {
    const { pull } = await found(req);
    res.status(pull.merge ? 204 : 404).end();
  });
  router.put('/repos/:owner/:repo/pulls/:number/merge', async (req, res) => {
    const { repository, pull } = await found(req);
    const input = body(req, 'PullRequest', mergeBody);
    if (input.merge_method === 'rebase') {
      throw new ForgeError('not-allowed', 'Rebase merges are not allowed on this repository.');
    }
    const { sha } = await pulls.merge(repository, pull.number, {
      method: input.merge_method,
      expectedHead: input.sha,
      title: input.commit_title,
      message: input.commit_message,
    });
    res.json({ sha, merged: true, message: 'Pull Request successfully merged' });
  });
};

const addComments = (router: Router, deps: PullRouteDeps, { found }: Reading): void => {
  const { repositories, pulls, facts, addresses } = deps;
  router.post('/repos/:owner/:repo/issues/:number/comments', async (req, res) => {
    const repository = await repositoryOf(repositories, req);
    const comment = body(req, 'IssueComment', newComment);
    const made = await pulls.comment(repository, numberParameter(req, 'number'), comment.body);
    res.status(201).json(commentPayload(made, await facts(repository), addresses(req)));
  });
  router.get('/repos/:owner/:repo/issues/:number/comments', async (req, res) => {
    const { repository, pull } = await found(req);
    const [about, { comments }] = await Promise.all([facts(repository), repository.state.read()]);
    const page = requestedPage(
      req,
      comments.filter((comment) => comment.issue === pull.number),
    );
    const where = addresses(req);
    sendPage(req, res, where.base, {
      ...page,
      items: page.items.map((each) => commentPayload(each, about, where)),
    });
  });
};
