import type { PullRequest } from '../ports';

/** The fields of a pull request that GitHub and Gitea write alike. */
export interface WirePullRequest {
  number: number;
  html_url: string;
  state: string;
  merged?: boolean;
  merged_at?: string | null;
  merge_commit_sha?: string | null;
  /** While it is still computing, GitHub writes null, and Gitea false, as it does for drafts. */
  mergeable?: boolean | null;
  /** GitHub's alone, and so a sign of GitHub. */
  mergeable_state?: string;
  draft?: boolean;
  head: { ref: string; label?: string; sha?: string };
  base?: { sha?: string };
}

/** Whether it is open and cannot be merged, as far as this answer goes. */
export function looksConflicting({ state, mergeable, draft }: WirePullRequest): boolean {
  // A draft is merged by nobody; whether it conflicts matters once it is none.
  return state === 'open' && mergeable === false && draft !== true;
}

/** Of a deleted branch Gitea has another ref (refs/pull/1/head), and the branch's name in the label alone. */
function branchOf({ ref, label }: WirePullRequest['head']): string {
  return ref.startsWith('refs/') && label !== undefined ? label : ref;
}

/** @param repo `owner/name` as we call it */
export function fromWire(repo: string, wire: WirePullRequest): PullRequest {
  const merged = wire.merged === true || (typeof wire.merged_at === 'string' && wire.merged_at !== '');
  return {
    repo,
    number: wire.number,
    url: wire.html_url,
    branch: branchOf(wire.head),
    state: merged ? 'merged' : wire.state === 'open' ? 'open' : 'closed',
    ...(merged && typeof wire.merge_commit_sha === 'string' ? { commitSha: wire.merge_commit_sha } : {}),
    conflicting: looksConflicting(wire),
  };
}
