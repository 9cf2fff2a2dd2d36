import type { Diff } from '../git/diff';
import type { PullDetail, RepositoryFacts } from '../payloads';
import type { Pulls } from './pulls';
import type { Repositories, Repository } from './repositories';
import type { Pull } from './repository-state';

/** Gathers what answers and pages say of a repository. */
export const createFacts =
  ({ repositories }: { repositories: Repositories }) =>
  async (repository: Repository): Promise<RepositoryFacts> => {
    const [state, defaultBranch] = await Promise.all([
      repository.state.read(),
      repositories.defaultBranch(repository),
    ]);
    return {
      repository,
      id: state.id,
      description: state.description,
      createdAt: state.createdAt,
      defaultBranch,
      openPulls: state.pulls.filter((pull) => pull.state === 'open').length,
    };
  };

export type Facts = ReturnType<typeof createFacts>;

/** Gathers what only the answer for a single pull request says. */
export const createPullDetail =
  (deps: { pulls: Pulls; diff: Diff }) =>
  async (repository: Repository, pull: Pull): Promise<PullDetail> => {
    const { directory, state } = repository;
    const [mergeability, commits, { comments }] = await Promise.all([
      deps.pulls.mergeability(repository, pull),
      deps.diff.commitsBetween(directory, pull.baseSha, pull.headSha),
      state.read(),
    ]);
    // Without common history there is no diff, but the pull request itself can still be read.
    const files = commits === undefined ? [] : await deps.diff.summary(directory, pull.baseSha, pull.headSha);
    return {
      mergeability,
      commits: commits ?? 0,
      comments: comments.filter((comment) => comment.issue === pull.number).length,
      additions: files.reduce((sum, file) => sum + file.additions, 0),
      deletions: files.reduce((sum, file) => sum + file.deletions, 0),
      changedFiles: files.length,
    };
  };

export type ReadPullDetail = ReturnType<typeof createPullDetail>;
