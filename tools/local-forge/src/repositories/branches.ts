import type { Content } from '../git/content';
import { ForgeError } from '../errors';
import type { Git } from '../git/git';
import type { PullSync } from './pull-sync';
import type { Repositories, Repository } from './repositories';

const refused = (message: string): ForgeError => new ForgeError('validation', message);

/** What becomes of a repository when its branches change from outside. */
export const createBranches = (deps: {
  git: Git;
  content: Content;
  repositories: Repositories;
  sync: PullSync;
}) => {
  const { content, repositories, sync } = deps;

  /** A first push of another branch than the one HEAD names makes that branch the default one. */
  const adoptDefault = async (repository: Repository): Promise<void> => {
    const { directory } = repository;
    if (await content.branch(directory, await repositories.defaultBranch(repository))) return;
    const first = (await content.branches(directory)).keys().next().value;
    if (first !== undefined) await deps.git.run(directory, ['symbolic-ref', 'HEAD', `refs/heads/${first}`]);
  };

  return {
    /** Call it after every push, and at the start for what was pushed or merged just before a crash. */
    changed: (repository: Repository): Promise<void> =>
      repositories.exclusive(repository, async () => {
        await adoptDefault(repository);
        await sync.reconcile(repository);
      }),
    /** Deletes a branch and closes its open pull requests. @throws validation */
    remove: (repository: Repository, branch: string): Promise<void> =>
      repositories.exclusive(repository, async () => {
        const tip = await content.branch(repository.directory, branch);
        if (tip === undefined) throw refused('Reference does not exist');
        if (branch === (await repositories.defaultBranch(repository))) {
          throw refused('Cannot delete the default branch');
        }
        await deps.git.run(repository.directory, ['update-ref', '-d', `refs/heads/${branch}`, tip]);
        await sync.reconcile(repository);
      }),
  };
};

export type Branches = ReturnType<typeof createBranches>;
