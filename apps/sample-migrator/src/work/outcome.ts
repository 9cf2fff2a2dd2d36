import { createHash } from 'node:crypto';
import type { StepEvent } from '@loom/domain';
import type { Outbox, PullRequest, Work } from '../ports';

/** What came of a step attempt, as far as it is known now. */
export type Outcome =
  | { status: 'completed'; note: string }
  | { status: 'awaiting_review'; instructions: string }
  | { status: 'open'; pullRequest: PullRequest }
  | { status: 'merged'; pullRequest: PullRequest }
  | { status: 'failed'; reason: string };

/** A reason is read by a person; what does not fit is not read. */
const MAX_REASON = 2_000;

/** Puts the event of an outcome into the outbox; the same outcome of the same attempt is the same event. */
export async function report(outbox: Outbox, work: Work, outcome: Outcome, now: number): Promise<void> {
  const event = eventOf(work, outcome);
  const { key: workKey, callbackId, trace } = work;
  const message = { id: event.eventId, workKey, callbackId, event, trace };
  await outbox.put(message, now);
}

function eventOf(work: Work, outcome: Outcome): StepEvent & { eventId: string } {
  const { stepName, candidate } = work;
  const key = createHash('sha256').update(work.key).digest('hex').slice(0, 32);
  const base = { stepName, candidateId: candidate.id, eventId: `${key}-${outcome.status}` };
  switch (outcome.status) {
    case 'completed':
      return { ...base, status: 'completed', metadata: { note: outcome.note } };
    case 'awaiting_review':
      return { ...base, status: 'awaiting_review', metadata: { instructions: outcome.instructions } };
    case 'open':
      return { ...base, status: 'open', metadata: describe(outcome.pullRequest) };
    case 'merged':
      return { ...base, status: 'merged', metadata: describe(outcome.pullRequest) };
    case 'failed':
      return { ...base, status: 'failed', reason: outcome.reason.slice(0, MAX_REASON) };
  }
}

/** What Loom keeps of a pull request; `cancel-step` brings it back, and closes by it. */
function describe({ url, repo, number, branch, commitSha }: PullRequest): Record<string, string> {
  return {
    prUrl: url,
    repo,
    prNumber: String(number),
    branch,
    ...(commitSha === undefined ? {} : { commitSha }),
  };
}
