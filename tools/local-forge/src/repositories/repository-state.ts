import { z } from 'zod';

const pullSchema = z.object({
  number: z.int(),
  title: z.string(),
  body: z.string().nullable(),
  user: z.string(),
  head: z.string(),
  base: z.string(),
  headSha: z.string(),
  /** Tip of the base as last seen while the pull request was open: what its diff is taken against. */
  baseSha: z.string(),
  state: z.enum(['open', 'closed']),
  merge: z.object({ sha: z.string(), at: z.string(), by: z.string() }).nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  closedAt: z.string().nullable(),
});

const commentSchema = z.object({
  id: z.int(),
  issue: z.int(),
  body: z.string(),
  user: z.string(),
  createdAt: z.string(),
});

/** What the forge keeps of one repository beside its git data. */
export const repositoryStateSchema = z.object({
  id: z.int(),
  description: z.string().nullable(),
  createdAt: z.string(),
  nextNumber: z.int(),
  nextComment: z.int(),
  pulls: z.array(pullSchema),
  comments: z.array(commentSchema),
});

/** A pull request as stored. Times are ISO 8601 in UTC with seconds. */
export type Pull = z.infer<typeof pullSchema>;
export type Comment = z.infer<typeof commentSchema>;
export type RepositoryState = z.infer<typeof repositoryStateSchema>;

/** The stored pull request of that number in a draft or a current state. */
export const pullOf = (state: RepositoryState, number: number): Pull | undefined =>
  state.pulls.find((pull) => pull.number === number);
