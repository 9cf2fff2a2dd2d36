/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { Archived } from './Archived';
import type { CancelledAttempt } from './CancelledAttempt';
import type { CandidateRun } from './CandidateRun';
import type { Counts } from './Counts';
import type { EntityId } from './EntityId';
import type { InputDefinition } from './InputDefinition';
import type { MigrationPause } from './MigrationPause';
import type { MigratorUnreachable } from './MigratorUnreachable';
import type { RunLimits } from './RunLimits';
import type { StepDefinition } from './StepDefinition';
export type Migration = {
  id: EntityId;
  name: string;
  description: string;
  /**
   * One phase each, for the migration's page.
   */
  overview?: Array<string>;
  migratorApp: string;
  migratorUrl: string;
  steps: Array<StepDefinition>;
  requiredInputs?: Array<InputDefinition>;
  /**
   * Grows with each announce that changes the definition.
   */
  revision: number;
  createdAt: string;
  updatedAt: string;
  lastAnnouncedAt: string;
  counts: Counts;
  limits?: RunLimits;
  migratorUnreachable?: MigratorUnreachable;
  archived?: Archived;
  paused?: MigrationPause;
  /**
   * By candidate id; the first 1,000, where `include` asks for them.
   */
  candidateRuns?: Record<string, CandidateRun>;
  /**
   * The first 1,000, where `include` asks for them.
   */
  cancelledAttempts?: Array<CancelledAttempt>;
};
