/** Everything that a run of this candidate pushes is below here. */
export function branchPrefix(migrationId: string, candidateId: string): string {
  return `loom/${migrationId}/${candidateId}/`;
}

/** The branch of a step: the same for every attempt, so that a repeat finds what is already there. */
export function branchOf(migrationId: string, candidateId: string, stepName: string): string {
  // Step names are free text; a branch name is not.
  const name = stepName.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^-+|-+$/g, '');
  return branchPrefix(migrationId, candidateId) + (name === '' ? 'step' : name);
}
