import {
  InvalidRequestError,
  LIMITS,
  MigratorCallError,
  stepsFor,
  type Candidate,
  type Migration,
} from '@loom/domain';
import type { StepDryRun } from '@loom/ports';
import { stepProblems } from './check-candidates';
import { requireInputsSize, requireKnown } from './check-inputs';
import { requireSize } from './check-size';
import type { ServiceDeps } from './deps';
import { candidateOf, migrationOf } from './lookup';

export interface DryRunCommand {
  migrationId: string;
  /** A known candidate by its id, or one in full that need not be known. */
  of: { candidateId: string } | { candidate: Candidate };
  inputs: Record<string, string>;
}

type DryRunDeps = Pick<ServiceDeps, 'migrations' | 'candidates' | 'reach' | 'dryRunner' | 'clock' | 'logger'>;

/** Asks the migrator what a run would change, whatever the candidate's status; changes nothing. */
export function createDryRun(deps: DryRunDeps) {
  /** @throws MigratorCallError */
  return async ({ migrationId, of, inputs }: DryRunCommand): Promise<StepDryRun[]> => {
    const migration = await migrationOf(deps, migrationId);
    const { candidate, kept } = await subject(deps, migrationId, of);
    requireInputsSize({ ...kept, ...inputs });
    requireKnown(migration.requiredInputs, inputs);
    const metadata = { ...candidate.metadata, ...kept, ...inputs };
    const request = { candidate: { ...candidate, metadata }, steps: stepsFor(migration, candidate) };
    try {
      const answer = await deps.dryRunner.dryRun(migration.migratorUrl, { migrationId, ...request });
      await noteReach(deps, migration);
      return answer;
    } catch (error) {
      if (error instanceof MigratorCallError && error.code === 'migrator_unreachable')
        await noteReach(deps, migration, error.message);
      throw error;
    }
  };
}

/** Notes whether its app was reached, where that is news. What the migrator said stands, whether it can be noted or not. */
async function noteReach(
  { reach, clock, logger }: DryRunDeps,
  { migratorApp, migratorUnreachable: known }: Migration,
  unreachable?: string,
): Promise<void> {
  try {
    if (unreachable !== undefined) await reach.lost(migratorApp, unreachable, clock.now());
    else if (known !== undefined) await reach.found(migratorApp);
  } catch (error) {
    logger.warn('whether a migrator was reached could not be noted', { migratorApp, error });
  }
}

/** `kept`: inputs that its run already has. */
async function subject(
  deps: DryRunDeps,
  migrationId: string,
  of: DryRunCommand['of'],
): Promise<{ candidate: Candidate; kept: Record<string, string> }> {
  if ('candidateId' in of) {
    const row = await candidateOf(deps, { migrationId, candidateId: of.candidateId });
    return { candidate: row.candidate, kept: row.run?.inputs ?? {} };
  }
  requireSize(of.candidate, LIMITS.candidateBytes, 'a candidate', '/candidate');
  const problems = stepProblems(of.candidate.steps, '/candidate/steps');
  if (problems.length > 0) throw new InvalidRequestError('the candidate does not fit the contract', problems);
  return { candidate: of.candidate, kept: {} };
}
