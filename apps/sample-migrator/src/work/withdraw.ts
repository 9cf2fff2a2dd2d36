import { ForgeError, GitError, type Forge, type GitRepositories, type Pushed } from '../ports';

export interface WithdrawDeps {
  forge: Pick<Forge, 'close' | 'findOpen'>;
  repositories: Pick<GitRepositories, 'deleteBranch'>;
}

/** A pull request of ours. */
export interface Opened extends Pushed {
  number: number;
}

/**
 * Closes a pull request without merging, and deletes its branch. What is not there needs neither. Throws GitError or
 * ForgeError.
 */
export async function withdraw(deps: WithdrawDeps, pull: Opened): Promise<void> {
  const closed = await unlessGone(deps.forge.close(pull.repo, pull.number));
  await deleteBranch(deps, pull, closed !== 'gone');
}

/** As `withdraw`, by the branch: closes the pull request that it has open, if any. True when it had one. */
export async function withdrawBranch(deps: WithdrawDeps, pushed: Pushed): Promise<boolean> {
  const found = await unlessGone(deps.forge.findOpen(pushed.repo, pushed.branch));
  if (found !== 'gone' && found.answer) {
    await withdraw(deps, found.answer);
    return true;
  }
  await deleteBranch(deps, pushed, found !== 'gone');
  return false;
}

/** True when the forge says that there is no such thing. */
export function isGone(error: unknown): boolean {
  return error instanceof ForgeError && error.notFound;
}

async function unlessGone<T>(asked: Promise<T>): Promise<{ answer: T } | 'gone'> {
  try {
    return { answer: await asked };
  } catch (error) {
    if (isGone(error)) return 'gone';
    throw error;
  }
}

/** Git has no word for a repository that is not there; it is believed to be that only where the forge said so, too. */
async function deleteBranch(deps: WithdrawDeps, { repo, branch }: Pushed, isThere: boolean): Promise<void> {
  try {
    await deps.repositories.deleteBranch(repo, branch);
  } catch (error) {
    const isFinal = error instanceof GitError && !error.transient && !error.tokenRefused;
    if (isThere || !isFinal) throw error;
  }
}
