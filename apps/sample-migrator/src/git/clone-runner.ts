import { BrokenCloneError, type GitRunner } from './git-runner';
import type { HeldClone } from './repository-cache';

/** Runs git in a held clone; a clone that turns out to be broken is not used by anybody else from then on. */
export function runnerOf(git: GitRunner, clone: HeldClone): GitRunner {
  const watched = async <T>(run: Promise<T>): Promise<T> => {
    try {
      return await run;
    } catch (error) {
      if (error instanceof BrokenCloneError) clone.discard();
      throw error;
    }
  };
  return {
    run: (...args) => watched(git.run(...args)),
    bytes: (...args) => watched(git.bytes(...args)),
  };
}
