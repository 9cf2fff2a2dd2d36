import type { Request, Router } from 'express';
import { z } from 'zod';
import { invalid } from '../errors';
import type { Facts } from '../repositories/facts';
import { isBranch, isOwner } from '../git/names';
import { notFound } from '../errors';
import { type Addresses, repositoryPayload, userPayload } from '../payloads';
import type { Repositories, Repository } from '../repositories/repositories';
import type { AccessControl } from './auth';
import { requestedPage, sendPage } from './paging';
import { body, parameter } from './request';

const newRepository = z.object({
  name: z.string(),
  description: z.string().max(350).nullish(),
  auto_init: z.boolean().optional(),
  /** Gitea's field; GitHub ignores it. */
  default_branch: z.string().optional(),
});

export type RepositoryRouteDeps = {
  readonly login: string;
  readonly access: AccessControl;
  readonly repositories: Repositories;
  readonly facts: Facts;
  readonly addresses: (req: Request) => Addresses;
};

/** The repository a path names. @throws not-found */
export const repositoryOf = (repositories: Repositories, req: Request): Promise<Repository> =>
  repositories.find(parameter(req, 'owner'), parameter(req, 'repo'));

/** Users, owners and repositories. Every owner of an allowed name exists; it needs no creation. */
export const addRepositoryRoutes = (router: Router, deps: RepositoryRouteDeps): void => {
  const { repositories, facts, addresses } = deps;

  const create = async (req: Request, owner: string) => {
    const input = body(req, 'Repository', newRepository);
    const defaultBranch = input.default_branch || undefined;
    if (defaultBranch !== undefined && !isBranch(defaultBranch)) {
      throw invalid({ resource: 'Repository', field: 'default_branch', code: 'invalid' });
    }
    const repository = await repositories.create({
      owner,
      name: input.name,
      description: input.description,
      autoInit: input.auto_init,
      defaultBranch,
    });
    return repositoryPayload(await facts(repository), addresses(req));
  };

  router.get('/user', deps.access.always, (req, res) => {
    res.json(userPayload(deps.login, addresses(req)));
  });
  router.post('/user/repos', async (req, res) => {
    res.status(201).json(await create(req, deps.login));
  });
  router.post('/orgs/:org/repos', async (req, res) => {
    res.status(201).json(await create(req, parameter(req, 'org')));
  });
  router.get(['/orgs/:owner/repos', '/users/:owner/repos'], async (req, res) => {
    const owner = parameter(req, 'owner');
    if (!isOwner(owner)) throw notFound();
    const page = requestedPage(req, await repositories.list(owner));
    const where = addresses(req);
    const items = await Promise.all(
      page.items.map(async (each) => repositoryPayload(await facts(each), where)),
    );
    sendPage(req, res, where.base, { ...page, items });
  });
  router.get('/repos/:owner/:repo', async (req, res) => {
    res.json(repositoryPayload(await facts(await repositoryOf(repositories, req)), addresses(req)));
  });
};
