import { type Clock, timestamp } from '../clock';
import type { Content } from '../git/content';
import type { Diff } from '../git/diff';
import { ForgeError, invalid, notFound } from '../errors';
import type { Git } from '../git/git';
import { type Mergeability, type MergeMethod, type Merged, type Merger, pullRef } from '../git/merge';
import type { PublishEvent, PullSync } from './pull-sync';
import type { Repositories, Repository } from './repositories';
import { type Comment, type Pull, pullOf } from './repository-state';

const resource = 'PullRequest';

const refused = (message: string): ForgeError => invalid({ resource, code: 'custom', message });

export type NewPull = {
  readonly title: string;
  readonly body?: string | null | undefined;
  /** A branch, or `owner:branch` of the same repository's owner. */
  readonly head: string;
  readonly base: string;
};

export type PullChange = {
  readonly title?: string | undefined;
  readonly body?: string | null | undefined;
  readonly state?: 'open' | 'closed' | undefined;
};

export type MergeInput = {
  readonly method: MergeMethod;
  readonly expectedHead?: string | undefined;
  readonly title?: string | undefined;
  readonly message?: string | undefined;
};

export type PullsDeps = {
  readonly git: Git;
  readonly clock: Clock;
  readonly login: string;
  readonly repositories: Repositories;
  readonly content: Content;
  readonly diff: Diff;
  readonly merger: Merger;
  readonly sync: PullSync;
  readonly publish: PublishEvent;
};

const headBranch = (owner: string, head: string): string => {
  const colon = head.indexOf(':');
  if (colon < 0) return head;
  if (head.slice(0, colon) !== owner) throw invalid({ resource, field: 'head', code: 'invalid' });
  return head.slice(colon + 1);
};

const mergeMessage = (repository: Repository, pull: Pull, input: MergeInput): string => {
  const title = `Merge pull request #${pull.number} from ${repository.owner}/${pull.head}`;
  const subject = input.title ?? (input.method === 'squash' ? `${pull.title} (#${pull.number})` : title);
  const body = input.message ?? (input.method === 'squash' ? (pull.body ?? '') : pull.title);
  return body === '' ? `${subject}\n` : `${subject}\n\n${body}\n`;
};

/** Opens, changes and merges the pull requests of a repository. */
export const createPulls = (deps: PullsDeps) => {
  const { repositories, content, merger, sync } = deps;

  const find = async (repository: Repository, number: number): Promise<Pull> => {
    const pull = pullOf(await repository.state.read(), number);
    if (!pull) throw notFound();
    return pull;
  };

  const refuseDuplicate = async (repository: Repository, head: string, base: string): Promise<void> => {
    const { pulls } = await repository.state.read();
    if (pulls.some((pull) => pull.state === 'open' && pull.head === head && pull.base === base)) {
      throw refused(`A pull request already exists for ${repository.owner}:${head}.`);
    }
  };

  /** The tips of two branches that differ. @throws validation */
  const comparable = async ({ directory }: Repository, head: string, base: string) => {
    const [headSha, baseSha] = await Promise.all([
      content.branch(directory, head),
      content.branch(directory, base),
    ]);
    if (headSha === undefined) throw invalid({ resource, field: 'head', code: 'invalid' });
    if (baseSha === undefined) throw invalid({ resource, field: 'base', code: 'invalid' });
    const commits = await deps.diff.commitsBetween(directory, baseSha, headSha);
    if (commits === undefined) throw refused(`The ${head} branch has no history in common with ${base}`);
    if (commits === 0) throw refused(`No commits between ${base} and ${head}`);
    return { headSha, baseSha };
  };

  const keepHead = async ({ directory }: Repository, number: number, sha: string): Promise<void> => {
    await deps.git.run(directory, ['update-ref', pullRef(number), sha]);
  };

  const open = async (repository: Repository, input: NewPull): Promise<Pull> => {
    const head = headBranch(repository.owner, input.head);
    const tips = await comparable(repository, head, input.base);
    await refuseDuplicate(repository, head, input.base);
    const { nextNumber: number } = await repository.state.read();
    await keepHead(repository, number, tips.headSha);
    const now = timestamp(deps.clock);
    const pull: Pull = {
      number,
      title: input.title,
      body: input.body ?? null,
      user: deps.login,
      head,
      base: input.base,
      ...tips,
      state: 'open',
      merge: null,
      createdAt: now,
      updatedAt: now,
      closedAt: null,
    };
    await repository.state.update((draft) => {
      draft.nextNumber = number + 1;
      draft.pulls.push(pull);
    });
    deps.publish({ repository, action: 'opened', pull });
    return pull;
  };

  /** What a change of state needs and brings; nothing when the state stays. */
  const turn = async (
    repository: Repository,
    pull: Pull,
    state: PullChange['state'],
  ): Promise<Partial<Pull>> => {
    if (state === undefined || state === pull.state) return {};
    if (state === 'closed') return { state, closedAt: timestamp(deps.clock) };
    if (pull.merge) throw refused('state cannot be changed. The pull request is merged.');
    await refuseDuplicate(repository, pull.head, pull.base);
    const tips = await comparable(repository, pull.head, pull.base);
    await keepHead(repository, pull.number, tips.headSha);
    return { state, closedAt: null, ...tips };
  };

  const change = async (repository: Repository, number: number, input: PullChange): Promise<Pull> => {
    const pull = await find(repository, number);
    const turned = await turn(repository, pull, input.state);
    const after: Pull = {
      ...pull,
      ...turned,
      title: input.title ?? pull.title,
      body: input.body === undefined ? pull.body : input.body,
      updatedAt: timestamp(deps.clock),
    };
    await repository.state.update((draft) => {
      draft.pulls[draft.pulls.findIndex((each) => each.number === number)] = after;
    });
    if (after.state !== pull.state) {
      deps.publish({ repository, action: after.state === 'open' ? 'reopened' : 'closed', pull: after });
    }
    return after;
  };

  const merge = async (repository: Repository, number: number, input: MergeInput): Promise<Merged> => {
    const pull = await find(repository, number);
    if (pull.state !== 'open') throw new ForgeError('not-allowed', 'Pull Request is not mergeable');
    const request = {
      directory: repository.directory,
      number,
      head: pull.head,
      base: pull.base,
      method: input.method,
      expectedHead: input.expectedHead,
      message: mergeMessage(repository, pull, input),
    };
    try {
      return await merger.merge(request);
    } finally {
      // Closes this one and what it brought along: pull requests whose commits the head held. After a refusal
      // it tells of the merge that a process made without living to save it.
      await sync.reconcile(repository);
    }
  };

  return {
    find,
    create: (repository: Repository, input: NewPull) =>
      repositories.exclusive(repository, () => open(repository, input)),
    update: (repository: Repository, number: number, input: PullChange) =>
      repositories.exclusive(repository, () => change(repository, number, input)),
    /** @throws not-allowed for a conflict or a closed pull request · conflict when the head has moved */
    merge: (repository: Repository, number: number, input: MergeInput) =>
      repositories.exclusive(repository, () => merge(repository, number, input)),
    /** Whether an open pull request merges now; undefined for a closed one. */
    mergeability: async (repository: Repository, pull: Pull): Promise<Mergeability | undefined> =>
      pull.state === 'open' ? merger.check(repository.directory, pull.baseSha, pull.headSha) : undefined,
    comment: async (repository: Repository, number: number, body: string): Promise<Comment> => {
      await find(repository, number);
      return repository.state.update((draft) => {
        const createdAt = timestamp(deps.clock);
        const comment = { id: draft.nextComment, issue: number, body, user: deps.login, createdAt };
        draft.nextComment += 1;
        draft.comments.push(comment);
        return comment;
      });
    },
  };
};

export type Pulls = ReturnType<typeof createPulls>;
