import type { Request } from 'express';
import type { Content } from '../git/content';
import type { Diff } from '../git/diff';
import type { AccessControl } from '../http/auth';
import { parameter } from '../http/request';
import type { Addresses } from '../payloads';
import type { Facts } from '../repositories/facts';
import type { Pulls } from '../repositories/pulls';
import type { Repositories, Repository } from '../repositories/repositories';

export type PageDeps = {
  readonly access: AccessControl;
  /** Whether only this machine reaches the pages; else their buttons ask for the token. */
  readonly loopback: boolean;
  readonly repositories: Repositories;
  readonly pulls: Pulls;
  readonly diff: Diff;
  readonly content: Content;
  readonly facts: Facts;
  readonly addresses: (req: Request) => Addresses;
};

/** The repository that a page is of. @throws not-found */
export const found = (deps: PageDeps, req: Request): Promise<Repository> =>
  deps.repositories.find(parameter(req, 'owner'), parameter(req, 'repo'));
