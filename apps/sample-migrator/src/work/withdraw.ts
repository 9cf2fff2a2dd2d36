import { ForgeError, GitError, type Forge, type GitRepositories } from '../ports';

export interface WithdrawDeps {
  forge: Pick<Forge, 'close'>;
  repositories: Pick<GitRepositories, 'deleteBranch'>;
}

/** A pull request of ours. */
export interface Opened {
  repo: string;
  number: number;
  branch: string;
}

/**
 * Closes a pull request without merging, and deletes its branch. What is not there needs neither: asking again would
 * not help. Throws GitError or ForgeError.
 */
export async function withdraw({ forge, repositories }: WithdrawDeps, pull: Opened): Promise<void> {
  const { repo, number, branch } = pull;
  const isThere = await unlessGone(forge.close(repo, number));
  await deleteBranch(repositories, repo, branch, isThere);
}

/** True when the forge says that there is no such thing. */
export function isGone(error: unknown): boolean {
  return error instanceof ForgeError && error.notFound;
}

/** False where the forge knows nothing of what it was asked. */
async function unlessGone(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked;
    return true;
  } catch (error) {
    if (!isGone(error)) throw error;
    return false;
  }
}

/** Git has no word for a repository that is not there; it is believed to be that only where the forge said so, too. */
async function deleteBranch(
  repositories: WithdrawDeps['repositories'],
  repo: string,
  branch: string,
  isThere: boolean,
): Promise<void> {
  try {
    await repositories.deleteBranch(repo, branch);
  } catch (error) {
    const isFinal = error instanceof GitError && !error.transient && !error.tokenRefused;
    if (isThere || !isFinal) throw error;
  }
}
