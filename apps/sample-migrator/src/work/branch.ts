/** The step of a run attempt, as far as its branch goes. */
interface BranchOwner {
  migrationId: string;
  candidateId: string;
  runAttempt: number;
}

/**
 * Everything that one run attempt of a candidate pushes is below here. Run attempts share no branch, and so no pull
 * request: a cancel that comes late cannot close what the next attempt works on.
 */
export function branchPrefix({ migrationId, candidateId, runAttempt }: BranchOwner): string {
  return `loom/${migrationId}/${candidateId}/${String(runAttempt)}/`;
}

/** The branch of a step: the same for every attempt of the step, so that a repeat finds what is already there. */
export function branchOf(owner: BranchOwner, stepName: string): string {
  // Step names are free text; a branch name is not.
  const name = stepName.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^-+|-+$/g, '');
  return branchPrefix(owner) + (name === '' ? 'step' : name);
}
