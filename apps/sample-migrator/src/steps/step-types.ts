import { cleanupCommon } from './cleanup-common';
import { disableSyncPrune } from './disable-sync-prune';
import { enableSyncPrune } from './enable-sync-prune';
import { generateAppChart } from './generate-app-chart';
import { manualReview } from './manual-review';
import type { StepType } from './step';
import { swapChart } from './swap-chart';
import { updateDeployWorkflow } from './update-deploy-workflow';

const STEP_TYPES: ReadonlyMap<string, StepType> = new Map<string, StepType>([
  ['generate-app-chart', { kind: 'change', run: generateAppChart }],
  ['manual-review', { kind: 'review', run: manualReview }],
  ['disable-sync-prune', { kind: 'change', run: disableSyncPrune }],
  ['swap-chart', { kind: 'change', run: swapChart }],
  ['enable-sync-prune', { kind: 'change', run: enableSyncPrune }],
  ['cleanup-common', { kind: 'change', run: cleanupCommon }],
  ['update-deploy-workflow', { kind: 'change', run: updateDeployWorkflow }],
]);

/** How steps of `type` are carried out; undefined when this migrator does not know the type. */
export function stepType(type: string | undefined): StepType | undefined {
  return type === undefined ? undefined : STEP_TYPES.get(type);
}
