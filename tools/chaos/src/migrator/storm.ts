import { setTimeout as pause } from 'node:timers/promises';
import type { LedgerPost } from '../oracle/ledger';
import type { Report, Reporter } from './reporter';

/** Reports of a migrator that has lost its head; only one event a step attempt says what is true. */
export interface Storm {
  /** Inside the dispatch, before its answer. */
  early(post: LedgerPost): Promise<void>;
  /** When the work is done. */
  done(post: LedgerPost): Promise<void>;
}

const LATE_MS = 1_500;
const COPIES = 4;

export function createStorm(reporter: Reporter, random: () => number): Storm {
  const before = new Map<string, LedgerPost[]>();
  const strays = async (all: Report[]): Promise<void> => {
    await Promise.all(shuffled(all, random).map((one) => reporter.once({ ...one, stray: true })));
  };
  return {
    async early(post) {
      const open = { about: post, status: 'open', eventId: `${post.key}/open`, stray: true };
      await Promise.all([reporter.once(open), reporter.once(open), strays(wrong(post, random))]);
    },
    async done(post) {
      const past = before.get(post.runId) ?? [];
      before.set(post.runId, [...past, post]);
      const right = { about: post, status: 'completed', eventId: `${post.key}/done` };
      const copies = Array.from({ length: COPIES }, () => ({ ...right }));
      await Promise.all([
        reporter.untilFinal(right),
        strays([
          ...copies,
          { ...right, eventId: `${post.key}/done-otherwise` },
          ...wrong(post, random),
          ...old(past),
        ]),
      ]);
      await pause(random() * LATE_MS);
      // The run has moved on, and perhaps ended, by now.
      await strays(shuffled([...old([...past, post]), right, ...wrong(post, random)], random));
    },
  };
}

/** About attempts that do not exist, and with a callback id that nobody was given. */
function wrong(about: LedgerPost, random: () => number): Report[] {
  const { callbackId, runId, runAttempt, attempt } = about;
  const eventId = `wrong-${String(random())}`;
  const bare = { about, status: 'failed', eventId, callbackId: runId };
  const forged = callbackId.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
  return [
    { ...bare, attempts: { runAttempt: runAttempt + 1, attempt } },
    { ...bare, attempts: { runAttempt, attempt: attempt + 1 } },
    { about, status: 'failed', eventId, callbackId: forged },
  ];
}

/** About step attempts that have ended. */
function old(past: readonly LedgerPost[]): Report[] {
  return past.flatMap((about) =>
    ['failed', 'open', 'completed'].map((status) => ({
      about,
      status,
      eventId: `${about.key}/late-${status}`,
    })),
  );
}

function shuffled<T>(all: readonly T[], random: () => number): T[] {
  return all
    .map((one) => ({ one, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}
