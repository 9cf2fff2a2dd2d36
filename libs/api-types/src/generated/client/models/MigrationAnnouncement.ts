/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { Candidate } from './Candidate';
import type { EntityId } from './EntityId';
import type { InputDefinition } from './InputDefinition';
import type { StepDefinition } from './StepDefinition';
/**
 * A definition as its migrator authored it; at most 512 KiB without its candidates.
 */
export type MigrationAnnouncement = {
  id: EntityId;
  name: string;
  /**
   * Empty when absent.
   */
  description?: string;
  overview?: Array<string>;
  /**
   * Absent, the steps' own.
   */
  migratorApp?: string;
  /**
   * Base URL that steps are dispatched to.
   */
  migratorUrl: string;
  /**
   * In order; names differ.
   */
  steps: Array<StepDefinition>;
  requiredInputs?: Array<InputDefinition>;
  candidates?: Array<Candidate>;
};
