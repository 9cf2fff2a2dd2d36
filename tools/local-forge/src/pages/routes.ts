import { randomBytes } from 'node:crypto';
import type { Request, Response, Router } from 'express';
import { ForgeError, notFound } from '../errors';
import { type Page, pageOf } from '../http/paging';
import { parameter, query } from '../http/request';
import type { Repository } from '../repositories/repositories';
import type { Pull } from '../repositories/repository-state';
import { addActions } from './actions';
import { filePage, readFile } from './file';
import { noticeOf } from './notices';
import { allPullsPage, type PullRow, repositoriesPage, repositoryPullsPage } from './overview';
import { found, type PageDeps } from './page-deps';
import { pullPage } from './pull';
import { repositoryPage } from './repository';
import { stylesheet } from './style';

const rowsPerPage = 25;
const repositoriesPerPage = 50;
const commitsShown = 10;

const asked = (req: Request): number => {
  const page = query(req, 'page') ?? '1';
  return /^[1-9]\d{0,6}$/.test(page) ? Number(page) : 1;
};

/** A page that exists: after the last row of the last page is merged, its reader sees the one before. */
const shownPage = <T>(req: Request, items: readonly T[], perPage: number): Page<T> =>
  pageOf(items, Math.min(asked(req), Math.max(1, Math.ceil(items.length / perPage))), perPage);

const newestFirst = (a: Pull, b: Pull): number => b.number - a.number;

/** The pages for people: to read repositories and pull requests, and to merge or close. */
export const addPages = (router: Router, deps: PageDeps): void => {
  const csrf = randomBytes(32).toString('hex');
  addLists(router, deps, csrf);
  addRepository(router, deps, csrf);
  addActions(router, deps, csrf);
};

const withMergeability = async (
  deps: PageDeps,
  page: Page<Omit<PullRow, 'mergeability'>>,
): Promise<Page<PullRow>> => ({
  ...page,
  items: await Promise.all(
    page.items.map(async (row) => ({
      ...row,
      mergeability: await deps.pulls.mergeability(row.repository, row.pull),
    })),
  ),
});

const addLists = (router: Router, deps: PageDeps, csrf: string): void => {
  const allOpen = async () => {
    const states = (await deps.repositories.list()).map(async (repository) => {
      const { pulls } = await repository.state.read();
      return pulls.filter((pull) => pull.state === 'open').map((pull) => ({ repository, pull }));
    });
    return (await Promise.all(states)).flat();
  };

  router.get('/assets/style.css', (_req, res) => {
    res.type('css').set('cache-control', 'public, max-age=300').send(stylesheet);
  });
  router.get('/', async (req, res) => {
    const all = await Promise.all((await deps.repositories.list()).map(deps.facts));
    const open = all.reduce((sum, facts) => sum + facts.openPulls, 0);
    res.send(repositoriesPage(shownPage(req, all, repositoriesPerPage), open));
  });
  router.get('/pulls', async (req, res) => {
    const page = await withMergeability(deps, shownPage(req, await allOpen(), rowsPerPage));
    res.send(allPullsPage(page, csrf, noticeOf(query(req, 'notice'))));
  });
};

const addRepository = (router: Router, deps: PageDeps, csrf: string): void => {
  const { content, diff } = deps;

  router.get('/:owner/:repo', async (req, res) => {
    const repository = await found(deps, req);
    const { directory } = repository;
    const facts = await deps.facts(repository);
    const tip = await content.branch(directory, facts.defaultBranch);
    const [files, commits] = tip
      ? await Promise.all([content.tree(directory, tip, true), content.log(directory, tip, commitsShown)])
      : [[], []];
    const paths = files.filter((entry) => entry.type !== 'tree');
    res.send(repositoryPage(facts, `${deps.addresses(req).base}/${repository.fullName}.git`, paths, commits));
  });

  router.get('/:owner/:repo/blob/*path', async (req, res) => {
    const repository = await found(deps, req);
    const defaultBranch = await deps.repositories.defaultBranch(repository);
    res.send(filePage(await readFile(content, repository, parameter(req, 'path'), defaultBranch)));
  });

  router.get('/:owner/:repo/pulls', async (req, res) => {
    const repository = await found(deps, req);
    const state = query(req, 'state') === 'closed' ? 'closed' : 'open';
    const pulls = (await repository.state.read()).pulls
      .filter((pull) => pull.state === state)
      .sort(newestFirst);
    const rows = shownPage(
      req,
      pulls.map((pull) => ({ repository, pull })),
      rowsPerPage,
    );
    res.send(repositoryPullsPage(repository, state, await withMergeability(deps, rows), csrf));
  });

  router.get('/:owner/:repo/pull/:file', async (req, res) => {
    const [, number, suffix] = /^([1-9]\d{0,15})(\.diff)?$/.exec(parameter(req, 'file')) ?? [];
    if (number === undefined) throw notFound();
    const repository = await found(deps, req);
    const pull = await deps.pulls.find(repository, Number(number));
    if (suffix !== undefined) {
      res.type('text/plain').send(await diff.text(repository.directory, pull.baseSha, pull.headSha));
      return;
    }
    await sendPull(req, res, deps, repository, pull, csrf);
  });
};

const sendPull = async (
  req: Request,
  res: Response,
  deps: PageDeps,
  repository: Repository,
  pull: Pull,
  csrf: string,
): Promise<void> => {
  let refusal = '';
  const readFiles = deps.diff
    .files(repository.directory, pull.baseSha, pull.headSha)
    .catch((error: unknown) => {
      if (!(error instanceof ForgeError)) throw error;
      refusal = error.message;
      return undefined;
    });
  const [files, mergeability, { comments }] = await Promise.all([
    readFiles,
    deps.pulls.mergeability(repository, pull),
    repository.state.read(),
  ]);
  const own = comments.filter((comment) => comment.issue === pull.number);
  const notice = noticeOf(query(req, 'notice'));
  res.send(pullPage({ repository, pull, mergeability, files, refusal, comments: own, csrf, notice }));
};
