import type { StepDefinition } from '@loom/domain';

export const MIGRATION_ID = 'app-chart-migration';
export const MIGRATOR_APP = 'app-chart-migrator';

/** The step list of an application that is deployed in exactly `environments`, in order of promotion. */
export function stepDefinitions(environments: readonly string[], chartRegistry: string): StepDefinition[] {
  return [
    step('generate-app-chart', 'Write the own chart, with the values of every environment'),
    step('verify-chart-published', 'A person confirms that the chart can be pulled', {
      type: 'manual-review',
      config: { instructions: instructions(chartRegistry) },
    }),
    ...environments.flatMap((env) => environmentSteps(env)),
    step('cleanup-common', "Remove the generic chart's values that all environments shared"),
    step('update-deploy-workflow', 'Publish and deploy the own chart from the deploy workflow'),
  ];
}

function environmentSteps(env: string): StepDefinition[] {
  const config = { env };
  return [
    step(`disable-sync-prune-${env}`, `Stop pruning in ${env} while the chart changes`, {
      type: 'disable-sync-prune',
      config,
    }),
    step(`swap-chart-${env}`, `Deploy ${env} from the own chart`, { type: 'swap-chart', config }),
    step(`enable-sync-prune-${env}`, `Prune again in ${env}, where it was on before`, {
      type: 'enable-sync-prune',
      config,
    }),
  ];
}

function step(
  name: string,
  description: string,
  more: Pick<StepDefinition, 'type' | 'config'> = {},
): StepDefinition {
  return { name, description, migratorApp: MIGRATOR_APP, type: name, ...more };
}

function instructions(chartRegistry: string): string {
  return [
    `1. Look the application's chart up in oci://${chartRegistry}.`,
    '2. Check that the version asked for at the start is there and can be pulled.',
    '3. Compare its values files with the parameters in the GitOps repository.',
    '4. Complete this step; or fail it, saying what is missing.',
  ].join('\n');
}
