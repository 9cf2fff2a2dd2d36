import { type Clock, timestamp } from '../clock';
import type { Git } from '../git/git';
import { mergedRef, pullRef } from '../git/merge';
import type { Repository } from './repositories';
import type { Pull } from './repository-state';

/** Something that happened to a pull request, with the pull request as it then was. */
export type PullEvent = {
  readonly repository: Repository;
  readonly action: 'opened' | 'closed' | 'reopened' | 'synchronize';
  readonly pull: Pull;
  /** For `synchronize`: the head before the push. */
  readonly before?: string;
};

/** Told of each event once it is on disk; must not throw. */
export type PublishEvent = (event: PullEvent) => void;

type Refs = ReadonlyMap<string, string>;

type Outcome = {
  readonly number: number;
  readonly headSha: string;
  readonly baseSha: string;
  /** What became of it; undefined when at most its head moved. */
  readonly end: { readonly mergedAs: string | undefined } | undefined;
};

const parseRefs = (output: string): Refs =>
  new Map(output.split('\n').map((line) => [line.slice(41), line.slice(0, 40)]));

const branchTip = (refs: Refs, branch: string): string | undefined => refs.get(`refs/heads/${branch}`);

/**
 * Decides what the refs of a repository mean for one open pull request.
 * @param contained numbers of the pull requests whose head the base has
 */
export const judge = (pull: Pull, refs: Refs, contained: ReadonlySet<number>): Outcome => {
  const { number } = pull;
  const tip = branchTip(refs, pull.head);
  const base = branchTip(refs, pull.base);
  const mergedHere = refs.get(mergedRef(number));
  if (mergedHere !== undefined) {
    // The tip of the base is the merge itself or later; the diff needs what was there before.
    const headSha = refs.get(pullRef(number)) ?? pull.headSha;
    return { number, headSha, baseSha: pull.baseSha, end: { mergedAs: mergedHere } };
  }
  const headSha = tip ?? pull.headSha;
  if (base === undefined) return { number, headSha, baseSha: pull.baseSha, end: { mergedAs: undefined } };
  if (contained.has(number)) {
    // A head that was moved back into an unmoved base was emptied, not merged.
    const mergedAs = base === pull.baseSha ? undefined : base;
    return { number, headSha, baseSha: pull.baseSha, end: { mergedAs } };
  }
  return { number, headSha, baseSha: base, end: tip === undefined ? { mergedAs: undefined } : undefined };
};

const apply = (pull: Pull, outcome: Outcome, now: string, by: string): void => {
  if (pull.headSha !== outcome.headSha || outcome.end) pull.updatedAt = now;
  pull.headSha = outcome.headSha;
  pull.baseSha = outcome.baseSha;
  if (!outcome.end) return;
  pull.state = 'closed';
  pull.closedAt = now;
  if (outcome.end.mergedAs !== undefined) pull.merge = { sha: outcome.end.mergedAs, at: now, by };
};

/** Brings the stored pull requests of a repository in line with its refs, whoever moved them. */
export const createPullSync = (deps: { git: Git; clock: Clock; login: string; publish: PublishEvent }) => {
  const { git } = deps;

  const readRefs = async (directory: string): Promise<Refs> =>
    parseRefs(await git.text(directory, ['for-each-ref', '--format=%(objectname) %(refname)']));

  /** Keeps the new commits of moved heads, and lets git answer for them below. */
  const keepHeads = async (directory: string, open: readonly Pull[], refs: Refs): Promise<void> => {
    const commands = open.flatMap(({ number, head }) => {
      const tip = branchTip(refs, head);
      const merged = refs.has(mergedRef(number));
      return !tip || merged || tip === refs.get(pullRef(number))
        ? []
        : [`update ${pullRef(number)} ${tip}\n`];
    });
    if (commands.length > 0)
      await git.run(directory, ['update-ref', '--stdin'], { input: commands.join('') });
  };

  const containedIn = async (directory: string, commit: string): Promise<Set<number>> => {
    const args = ['for-each-ref', `--merged=${commit}`, '--format=%(refname)', 'refs/pull'];
    const names = (await git.text(directory, args)).split('\n');
    return new Set(names.map((name) => Number(name.split('/')[2])));
  };

  /** One git command for each base that moved or that has a moved head, however many pull requests there are. */
  const contained = async (directory: string, open: readonly Pull[], refs: Refs) => {
    const moved = open.filter(
      (pull) => branchTip(refs, pull.base) !== pull.baseSha || branchTip(refs, pull.head) !== pull.headSha,
    );
    const answers = new Map<string, Set<number>>();
    for (const base of new Set(moved.map((pull) => pull.base))) {
      const tip = branchTip(refs, base);
      if (tip !== undefined) answers.set(base, await containedIn(directory, tip));
    }
    return answers;
  };

  /** The commit by which a base that now has `head` got it. */
  const mergeCommit = async (directory: string, head: string, base: string): Promise<string> => {
    const args = ['rev-list', '--first-parent', '--ancestry-path', '--reverse', `${head}..${base}`, '--'];
    return (await git.text(directory, args)).split('\n')[0] || base;
  };

  const named = async (directory: string, outcome: Outcome, refs: Refs): Promise<Outcome> =>
    outcome.end?.mergedAs === undefined || refs.has(mergedRef(outcome.number))
      ? outcome
      : {
          ...outcome,
          end: { mergedAs: await mergeCommit(directory, outcome.headSha, outcome.end.mergedAs) },
        };

  const announce = (repository: Repository, before: Pull, after: Pull): void => {
    const moved = after.headSha !== before.headSha;
    if (after.state === 'closed') deps.publish({ repository, action: 'closed', pull: after });
    else if (moved) deps.publish({ repository, action: 'synchronize', pull: after, before: before.headSha });
  };

  return {
    /** Call it inside `repositories.exclusive`, after refs may have moved. */
    reconcile: async (repository: Repository): Promise<void> => {
      const { directory, state } = repository;
      const open = (await state.read()).pulls.filter((pull) => pull.state === 'open');
      if (open.length === 0) return;
      const refs = await readRefs(directory);
      await keepHeads(directory, open, refs);
      const answers = await contained(directory, open, refs);
      const outcomes = new Map<number, Outcome>();
      for (const pull of open) {
        const outcome = judge(pull, refs, answers.get(pull.base) ?? new Set());
        outcomes.set(pull.number, await named(directory, outcome, refs));
      }
      const now = timestamp(deps.clock);
      const changed = await state.update((draft) => {
        for (const pull of draft.pulls) {
          const outcome = outcomes.get(pull.number);
          if (outcome) apply(pull, outcome, now, deps.login);
        }
        return draft.pulls;
      });
      const after = new Map(changed.map((pull) => [pull.number, pull]));
      for (const before of open) announce(repository, before, after.get(before.number) ?? before);
    },
  };
};

export type PullSync = ReturnType<typeof createPullSync>;
