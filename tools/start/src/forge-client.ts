/** A pull request by its place on the forge. */
export interface PullRequestRef {
  owner: string;
  repo: string;
  number: number;
}

export interface ForgeClient {
  /** Merges; `conflict` and `gone` (merged or closed already) are answers, anything else throws. */
  merge(pull: PullRequestRef): Promise<'merged' | 'conflict' | 'gone'>;
  /** Closes without merging. */
  close(pull: PullRequestRef): Promise<void>;
}

/** Takes `http://forge/acme/gitops/pull/12` apart (GitHub's form; Gitea says `pulls`). */
export function parsePullRequestUrl(url: string): PullRequestRef | undefined {
  const [, owner, repo, kind, number] = new URL(url).pathname.split('/');
  if (owner === undefined || repo === undefined || (kind !== 'pull' && kind !== 'pulls')) return undefined;
  return number !== undefined && /^\d+$/.test(number) ? { owner, repo, number: Number(number) } : undefined;
}

const CALL_TIMEOUT_MS = 20_000;

/** What a reviewer does, by GitHub's REST API. */
export function createForgeClient({ apiUrl, token }: { apiUrl: string; token: string }): ForgeClient {
  const call = async (
    method: string,
    { owner, repo, number }: PullRequestRef,
    suffix: string,
    body?: unknown,
  ) =>
    await fetch(`${apiUrl}/repos/${owner}/${repo}/pulls/${String(number)}${suffix}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
  return {
    async merge(pull) {
      const answer = await call('PUT', pull, '/merge', { merge_method: 'merge' });
      if (answer.ok) return 'merged';
      const now = (await (await call('GET', pull, '')).json()) as {
        state?: string;
        mergeable?: boolean | null;
      };
      if (now.state === 'closed') return 'gone';
      if (answer.status === 405 && now.mergeable === false) return 'conflict';
      throw new Error(
        `merging ${pull.owner}/${pull.repo}#${String(pull.number)}: HTTP ${String(answer.status)}`,
      );
    },
    async close(pull) {
      const answer = await call('PATCH', pull, '', { state: 'closed' });
      if (!answer.ok)
        throw new Error(
          `closing ${pull.owner}/${pull.repo}#${String(pull.number)}: HTTP ${String(answer.status)}`,
        );
    },
  };
}
