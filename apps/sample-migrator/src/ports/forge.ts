/** Where a pull request stands. */
export interface PullRequest {
  /** `owner/name`. */
  repo: string;
  number: number;
  /** Its page. */
  url: string;
  branch: string;
  state: 'open' | 'merged' | 'closed';
  /** Of a merged one. */
  commitSha?: string;
  /** True only where the forge is sure that it cannot be merged as it is. */
  conflicting: boolean;
}

export interface NewPullRequest {
  repo: string;
  branch: string;
  base: string;
  title: string;
  body: string;
}

/** The forge refused, or could not be reached; the message is fit for an operator and holds no secret. */
export class ForgeError extends Error {
  override readonly name = 'ForgeError';
  /** True when the forge says that there is no such thing (or none that we may see). */
  readonly notFound: boolean;
  /** True when the forge does not know our token: nothing works until it is another. */
  readonly tokenRefused: boolean;
  constructor(
    message: string,
    /** True when the same may well work in a moment. */
    readonly transient = false,
    {
      notFound = false,
      tokenRefused = false,
      ...options
    }: ErrorOptions & { notFound?: boolean; tokenRefused?: boolean } = {},
  ) {
    super(message, options);
    this.notFound = notFound;
    this.tokenRefused = tokenRefused;
  }
}

/** Pull requests over the part of GitHub's REST API that Gitea has too. Every call is bounded and throws ForgeError. */
export interface Forge {
  /** The open pull request of a branch; `conflicting` is not known here. */
  findOpen(repo: string, branch: string): Promise<PullRequest | undefined>;
  /** Opens a pull request; the one that the branch has open already, when there is one. */
  open(request: NewPullRequest): Promise<PullRequest>;
  get(repo: string, number: number): Promise<PullRequest>;
  /** As `get`, and never waits for the forge to compute: `conflicting` is not known here. */
  peek(repo: string, number: number): Promise<PullRequest>;
  /** The open pull requests of a repository, a page of them (from 1): one question for many. */
  openNumbers(repo: string, page: number): Promise<{ numbers: number[]; last: boolean }>;
  /** Closes without merging; nothing happens when it is not open. */
  close(repo: string, number: number): Promise<void>;
  /** Resolves when the forge answers and knows our token. */
  ping(): Promise<void>;
}
