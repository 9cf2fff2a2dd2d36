/** The files of a repository's default branch at one commit; it never changes. */
export interface Snapshot {
  /** `owner/name`. */
  readonly repo: string;
  readonly commit: string;
  /** Name of the default branch. */
  readonly branch: string;
  /** Undefined when there is no such file. */
  read(path: string): Promise<string | undefined>;
  /** Many files in one go; absent ones are absent in the answer. */
  readMany(paths: readonly string[]): Promise<Map<string, string>>;
  /** Paths of all files below `dir` (`''` = all), sorted. */
  list(dir: string): Promise<string[]>;
  /** Nothing is read any more: what it holds on disk may go. */
  release(): void;
}

/** New content by path; null deletes. */
export type FileChanges = ReadonlyMap<string, string | null>;

/** One commit on top of a snapshot, to become a branch. */
interface BranchPush {
  snapshot: Snapshot;
  branch: string;
  message: string;
  changes: FileChanges;
  /** ISO 8601; the same push with the same time makes the same commit, so that a repeat changes nothing. */
  at: string;
}

/** A repository could not be read or written; the message is fit for an operator and holds no secret. */
export class GitError extends Error {
  override readonly name = 'GitError';
  /** True when the forge does not know our token: nothing works until it is another. */
  readonly tokenRefused: boolean;
  constructor(
    message: string,
    /** True when the same may well work in a moment. */
    readonly transient = false,
    { tokenRefused = false, ...options }: ErrorOptions & { tokenRefused?: boolean } = {},
  ) {
    super(message, options);
    this.tokenRefused = tokenRefused;
  }
}

/** Reads default branches and pushes branches. Every call is bounded in time and throws GitError. */
export interface GitRepositories {
  /** The default branch as it is now on the remote. */
  snapshot(repo: string): Promise<Snapshot>;
  /** Makes `branch` exactly this commit, whatever it was before; returns the commit. */
  push(push: BranchPush): Promise<string>;
  /** Nothing happens when there is no such branch. */
  deleteBranch(repo: string, branch: string): Promise<void>;
}
