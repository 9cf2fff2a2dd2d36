import express, { type Request, type Response, type Router } from 'express';
import { ForgeError, notFound } from '../errors';
import { sameSecret } from '../http/auth';
import { numberParameter, parameter } from '../http/request';
import type { Repository } from '../repositories/repositories';
import type { Notice } from './notices';
import { found, type PageDeps } from './page-deps';

const noticeFor = (error: unknown): Notice => {
  if (!(error instanceof ForgeError)) throw error;
  if (error.code === 'conflict') return 'moved';
  return error.code === 'not-allowed' ? 'conflict' : 'failed';
};

const field = (req: Request, name: string): string => {
  const value = (req.body as Readonly<Record<string, unknown>> | undefined)?.[name];
  return typeof value === 'string' ? value : '';
};

/** Where a reader goes on after an action: the page of the list it was done on, or the pull request. */
const backTo = (from: string, pull: string, notice: Notice): string => {
  const page = /^all:([1-9]\d{0,6})$/.exec(from)?.[1];
  return page === undefined ? `${pull}?notice=${notice}` : `/pulls?page=${page}&notice=${notice}`;
};

/** What the buttons of the pages do. */
export const addActions = (router: Router, deps: PageDeps, csrf: string): void => {
  const permit = (req: Request, res: Response): boolean => {
    if (!sameSecret(field(req, 'csrf'), csrf))
      throw new ForgeError('forbidden', 'This page is out of date: reload it');
    if (deps.loopback || deps.access.of(req.get('authorization')) === 'granted') return true;
    // The browser asks its user, and sends the form again with the token as password.
    res
      .status(401)
      .set('www-authenticate', 'Basic realm="local-forge"')
      .type('text')
      .send('The token is needed\n');
    return false;
  };
  const act = async (req: Request, repository: Repository, number: number): Promise<Notice> => {
    try {
      if (parameter(req, 'action') === 'close') {
        await deps.pulls.update(repository, number, { state: 'closed' });
        return 'closed';
      }
      await deps.pulls.merge(repository, number, { method: 'merge', expectedHead: field(req, 'sha') });
      return 'merged';
    } catch (error) {
      return noticeFor(error);
    }
  };

  const form = express.urlencoded({ extended: false, limit: '16kb', parameterLimit: 20 });
  router.post('/:owner/:repo/pull/:number/:action', form, async (req, res) => {
    if (!['merge', 'close'].includes(parameter(req, 'action'))) throw notFound();
    if (!permit(req, res)) return;
    const repository = await found(deps, req);
    const pull = await deps.pulls.find(repository, numberParameter(req, 'number'));
    const notice = await act(req, repository, pull.number);
    res.redirect(303, backTo(field(req, 'from'), `/${repository.fullName}/pull/${pull.number}`, notice));
  });
};
