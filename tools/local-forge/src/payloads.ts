import type { Mergeability } from './git/merge';
import type { PullEvent } from './repositories/pull-sync';
import type { Repository } from './repositories/repositories';
import type { Comment, Pull } from './repositories/repository-state';

/** Where a client reaches the forge: its pages, and its API with the prefix the client uses. */
export type Addresses = { readonly base: string; readonly api: string };

/** A repository with what its wire form needs besides its state. */
export type RepositoryFacts = {
  readonly repository: Repository;
  readonly id: number;
  readonly description: string | null;
  readonly createdAt: string;
  readonly defaultBranch: string;
  readonly openPulls: number;
};

/** Numbers that only the answer for a single pull request carries. */
export type PullDetail = {
  readonly mergeability: Mergeability | undefined;
  readonly commits: number;
  readonly comments: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
};

/** Ids must be numbers; a name's hash is the same after every restart. */
const idOf = (name: string): number => {
  let hash = 7;
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 2_147_483_647;
  return hash;
};

export const userPayload = (login: string, { base, api }: Addresses) => ({
  login,
  id: idOf(login),
  type: 'User',
  site_admin: false,
  avatar_url: '',
  url: `${api}/users/${login}`,
  html_url: `${base}/`,
});

export const repositoryPayload = (facts: RepositoryFacts, addresses: Addresses) => {
  const { owner, name, fullName } = facts.repository;
  const { base, api } = addresses;
  return {
    id: facts.id,
    name,
    full_name: fullName,
    owner: { ...userPayload(owner, addresses), type: 'Organization' },
    private: false,
    description: facts.description,
    fork: false,
    archived: false,
    default_branch: facts.defaultBranch,
    open_issues_count: facts.openPulls,
    created_at: facts.createdAt,
    url: `${api}/repos/${fullName}`,
    html_url: `${base}/${fullName}`,
    clone_url: `${base}/${fullName}.git`,
    permissions: { admin: true, push: true, pull: true },
    allow_merge_commit: true,
    allow_squash_merge: true,
    allow_rebase_merge: false,
  };
};

const stateOf = (mergeability: Mergeability | undefined) => ({
  mergeable: mergeability ? mergeability.clean : null,
  mergeable_state: mergeability ? (mergeability.clean ? 'clean' : 'dirty') : 'unknown',
});

/** A pull request as GitHub writes it; `detail` adds what only the answer for a single one has. */
export const pullPayload = (
  pull: Pull,
  facts: RepositoryFacts,
  addresses: Addresses,
  detail?: PullDetail,
) => {
  const { owner, fullName } = facts.repository;
  const page = `${addresses.base}/${fullName}/pull/${pull.number}`;
  const url = `${addresses.api}/repos/${fullName}/pulls/${pull.number}`;
  const repo = repositoryPayload(facts, addresses);
  const side = (ref: string, sha: string) => ({ label: `${owner}:${ref}`, ref, sha, user: repo.owner, repo });
  return {
    id: facts.id * 100_000 + pull.number,
    number: pull.number,
    state: pull.state,
    locked: false,
    draft: false,
    title: pull.title,
    body: pull.body,
    user: userPayload(pull.user, addresses),
    labels: [],
    assignees: [],
    requested_reviewers: [],
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt,
    merged_at: pull.merge?.at ?? null,
    merge_commit_sha: pull.merge?.sha ?? null,
    merged: pull.merge !== null,
    merged_by: pull.merge ? userPayload(pull.merge.by, addresses) : null,
    head: side(pull.head, pull.headSha),
    base: side(pull.base, pull.baseSha),
    url,
    html_url: page,
    diff_url: `${page}.diff`,
    issue_url: `${addresses.api}/repos/${fullName}/issues/${pull.number}`,
    comments_url: `${addresses.api}/repos/${fullName}/issues/${pull.number}/comments`,
    ...stateOf(detail?.mergeability),
    ...(detail && {
      commits: detail.commits,
      comments: detail.comments,
      additions: detail.additions,
      deletions: detail.deletions,
      changed_files: detail.changedFiles,
    }),
  };
};

export const commentPayload = (comment: Comment, { repository }: RepositoryFacts, addresses: Addresses) => ({
  id: comment.id,
  body: comment.body,
  user: userPayload(comment.user, addresses),
  created_at: comment.createdAt,
  updated_at: comment.createdAt,
  url: `${addresses.api}/repos/${repository.fullName}/issues/comments/${comment.id}`,
  html_url: `${addresses.base}/${repository.fullName}/pull/${comment.issue}#comment-${comment.id}`,
  issue_url: `${addresses.api}/repos/${repository.fullName}/issues/${comment.issue}`,
});

/** The body of a `pull_request` webhook. */
export const eventPayload = (
  event: PullEvent,
  facts: RepositoryFacts,
  login: string,
  addresses: Addresses,
) => ({
  action: event.action,
  number: event.pull.number,
  ...(event.before !== undefined && { before: event.before, after: event.pull.headSha }),
  pull_request: pullPayload(event.pull, facts, addresses),
  repository: repositoryPayload(facts, addresses),
  sender: userPayload(login, addresses),
});
