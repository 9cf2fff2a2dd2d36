import {
  InvalidRequestError,
  LIMITS,
  MigratorCallError,
  type AuditContext,
  type Candidate,
  type Migration,
  type MigrationDefinition,
} from '@loom/domain';
import { requireCandidates, stepProblems } from './check-candidates';
import { requireSize } from './check-size';
import type { ServiceDeps } from './deps';
import { migrationOf } from './lookup';

export interface Announcement {
  definition: MigrationDefinition;
  /** Merged exactly as a submit. */
  candidates: Candidate[];
}

type AnnounceDeps = Pick<ServiceDeps, 'migrations' | 'candidates' | 'clock' | 'migratorUrlProblem'>;

/** Everything is checked before anything is written, so that a bad candidate does not leave half an announcement. */
export function createAnnounce(deps: AnnounceDeps) {
  return async ({ definition, candidates }: Announcement, by: AuditContext): Promise<Migration> => {
    requireDefinition(definition);
    requireMigratorUrl(deps, definition.migratorUrl);
    requireCandidates(candidates);
    const at = deps.clock.now();
    const migration = await deps.migrations.announce(definition, at, by);
    if (candidates.length === 0) return migration;
    await deps.candidates.submit(definition.id, candidates, at, by);
    return migrationOf(deps, definition.id);
  };
}

function requireDefinition(definition: MigrationDefinition): void {
  requireSize(definition, LIMITS.definitionBytes, 'the definition', '');
  const problems = [...stepProblems(definition.steps, '/steps'), ...inputNameProblems(definition)];
  if (problems.length > 0)
    throw new InvalidRequestError('the definition does not fit the contract', problems);
}

/** Two inputs of one name would be one key of the run's inputs. */
function inputNameProblems({ requiredInputs = [] }: MigrationDefinition) {
  return requiredInputs.flatMap(({ name }, index) =>
    requiredInputs.findIndex((other) => other.name === name) < index
      ? [{ pointer: `/requiredInputs/${index}/name`, message: 'stands twice' }]
      : [],
  );
}

function requireMigratorUrl({ migratorUrlProblem }: AnnounceDeps, url: string): void {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new InvalidRequestError('the definition does not fit the contract', [
      { pointer: '/migratorUrl', message: 'must be an absolute http or https URL' },
    ]);
  }
  const problem = migratorUrlProblem(url);
  if (problem !== undefined)
    throw new MigratorCallError('migrator_url_not_allowed', `the migrator URL ${problem}`);
}
