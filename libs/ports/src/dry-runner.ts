import type { Candidate, StepDefinition } from '@loom/domain';

export interface FileDiff {
  path: string;
  repo: string;
  before?: string;
  after: string;
  status: 'new' | 'modified' | 'deleted';
}

export interface StepDryRun {
  stepName: string;
  /** True for what cannot be shown beforehand: a manual step, a step of another migrator. */
  skipped: boolean;
  error?: string;
  files?: FileDiff[];
}

/** Asks a migrator what a run would change, without changing it. */
export interface DryRunner {
  /** @throws MigratorCallError when the migrator cannot be asked or answers nonsense. */
  dryRun(
    migratorUrl: string,
    request: { migrationId: string; candidate: Candidate; steps: StepDefinition[] },
  ): Promise<StepDryRun[]>;
}
