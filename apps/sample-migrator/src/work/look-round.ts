import { ForgeError, type Forge, type Work } from '../ports';

export interface LookRoundDeps {
  forge: Pick<Forge, 'openNumbers'>;
  /** Before each question; false ends the round. */
  turn: () => Promise<boolean>;
  /** Asks about one. */
  look: (work: Work) => Promise<void>;
  /** Those that are to be looked at again soon. */
  pending: (work: Work) => boolean;
  /** A repository's list could not be read. */
  failed: (repo: string, error: unknown) => void;
}

/** Looks at what is waited for, with few questions. */
export interface LookRounds {
  round(waiting: readonly Work[]): Promise<void>;
}

/**
 * As many of those that their repository lists as open are asked about one by one in a round, in turn: only so does
 * one learn of a conflict. Where fewer are waited for, a list would be one question more.
 */
const PATROL = 10;

/**
 * Creates it; its only state is who was looked at when. A page of open pull requests answers for up to a hundred of
 * them; those that are missing from it, and those that are alone in their repository, are asked about one by one.
 */
export function createLookRounds(deps: LookRoundDeps): LookRounds {
  const looked = new Map<string, number>();
  let looks = 0;
  const lookAt = async (works: readonly Work[]): Promise<boolean> => {
    for (const work of works) {
      if (!(await deps.turn())) return false;
      await deps.look(work);
      looks += 1;
      looked.set(work.key, looks);
    }
    return true;
  };
  const rank = (work: Work): number => (deps.pending(work) ? -1 : (looked.get(work.key) ?? 0));
  return {
    round: async (waiting) => {
      const keys = new Set(waiting.map(({ key }) => key));
      for (const key of looked.keys()) if (!keys.has(key)) looked.delete(key);
      if (waiting.length <= PATROL) {
        await lookAt(waiting);
        return;
      }
      const open: Work[] = [];
      const alone: Work[] = [];
      for (const works of byRepository(waiting)) {
        if (works.length === 1) {
          alone.push(...works);
          continue;
        }
        const listed = await listOpen(deps, works);
        if (listed === 'stopped') return;
        open.push(...listed.open);
        if (!(await lookAt(listed.others))) return;
      }
      const patrol = open.toSorted((a, b) => rank(a) - rank(b)).slice(0, PATROL);
      if (await lookAt(patrol)) await lookAt(alone);
    },
  };
}

/** Which of one repository's `works` still have an open pull request; of the others nobody knows. */
async function listOpen(
  deps: LookRoundDeps,
  works: readonly Work[],
): Promise<'stopped' | { open: Work[]; others: Work[] }> {
  const repo = works[0]?.pullRequest?.repo ?? '';
  const others = new Map(works.map((work) => [work.pullRequest?.number, work]));
  const open: Work[] = [];
  try {
    // Where ours are few among thousands of others, reading on would cost more than asking about each.
    for (let page = 1; others.size > 0 && page <= works.length; page += 1) {
      if (!(await deps.turn())) return 'stopped';
      const { numbers, last } = await deps.forge.openNumbers(repo, page);
      for (const number of numbers) {
        const work = others.get(number);
        if (work) open.push(work);
        others.delete(number);
      }
      if (last) break;
    }
  } catch (error) {
    deps.failed(repo, error);
    // A repository that is gone has no list; one that refuses to list would refuse each of them too.
    if (!(error instanceof ForgeError && error.notFound)) return { open: [], others: [] };
  }
  return { open, others: [...others.values()] };
}

function byRepository(works: readonly Work[]): Work[][] {
  const groups = new Map<string, Work[]>();
  for (const work of works) {
    const repo = work.pullRequest?.repo.toLowerCase() ?? '';
    groups.set(repo, [...(groups.get(repo) ?? []), work]);
  }
  return [...groups.values()];
}
