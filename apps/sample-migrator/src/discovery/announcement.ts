import type { MigrationAnnouncement } from '@loom/api-types';
import { MIGRATION_ID, MIGRATOR_APP, stepDefinitions } from '../steps/definitions';

export interface AnnouncementOptions {
  /** Where Loom reaches this migrator. */
  migratorUrl: string;
  environments: readonly string[];
  chartRegistry: string;
}

/** The migration as Loom gets to know it; its steps are those of an application that is in every environment. */
export function announcement({
  migratorUrl,
  environments,
  chartRegistry,
}: AnnouncementOptions): MigrationAnnouncement {
  return {
    id: MIGRATION_ID,
    name: 'App chart migration',
    description: 'Moves applications from the generic Helm chart to a chart of their own.',
    overview: [
      "Write the application's own chart into its repository, with the values that GitOps sets today.",
      'A person confirms that the chart is published.',
      `For each environment (${environments.join(', ')}): stop pruning, swap the chart, prune again.`,
      'Remove what the generic chart needed, and publish the own chart from the deploy workflow.',
    ],
    migratorApp: MIGRATOR_APP,
    migratorUrl,
    requiredInputs: [
      {
        name: 'chartVersion',
        label: 'First version of the own chart',
        description: 'Pre-filled from discovery. Every environment is swapped to this version.',
      },
    ],
    steps: stepDefinitions(environments, chartRegistry),
  };
}
