import type { StepStatus } from '@loom/domain';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import type { RunSettings } from '../activities';
import { bundleWorkflows } from '../workflow-bundle';
import { createRunHarness, type RunHarness } from './run-harness';

/**
 * A harness of its own for each test of the file, given to `use`. `renew` replaces that of the running test by one
 * with other settings.
 */
export function useRunHarness(use: (harness: RunHarness) => void) {
  let bundle: WorkflowBundleWithSourceMap;
  let harness: RunHarness;
  const make = async (settings: Partial<RunSettings> = {}): Promise<void> => {
    harness = await createRunHarness(bundle, settings);
    use(harness);
  };
  beforeAll(async () => {
    bundle = await bundleWorkflows();
  }, 60_000);
  beforeEach(() => make());
  afterEach(() => harness.close());
  return {
    renew: async (settings: Partial<RunSettings>): Promise<void> => {
      await harness.close();
      await make(settings);
    },
  };
}

type Row = Awaited<ReturnType<RunHarness['row']>>;

/** Whether a candidate's current step has that status. */
export const current =
  (status: StepStatus) =>
  (row: Row): boolean =>
    row.run?.steps[row.run.currentStep]?.status === status;

/** A person's retry of a step attempt of the first run attempt. */
export const retryOf = (stepName: string, attempt: number) => ({
  stepName,
  attempt,
  runAttempt: 1,
  by: 'me',
});
