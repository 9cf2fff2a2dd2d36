// A workflow of the same name and messages as the real one, which does as the tests say.
import { RUN_WORKFLOW, SIGNALS } from '@loom/domain';
import type { AddressedStepEvent, RunManifest, RunProgress, UpdateInputsMessage } from '@loom/domain';
import * as wf from '@temporalio/workflow';

/**
 * Waits for a step event: `completed` returns, `failed` fails, `open` continues as new. With the input `stubborn`
 * a cancel only shows in `phase`; without it, it ends the workflow.
 */
async function run(manifest: RunManifest, received: string[] = []): Promise<void> {
  const said: string[] = [];
  let phase = 'waiting';
  wf.setHandler(
    wf.defineSignal<[AddressedStepEvent]>(SIGNALS.stepEvent),
    (event) => void said.push(event.status),
  );
  wf.setHandler(wf.defineSignal<[UpdateInputsMessage]>(SIGNALS.updateInputs), ({ inputs }) => {
    received.push(...Object.entries(inputs).map(([key, value]) => `${key}=${value}`));
  });
  wf.setHandler(wf.defineSignal<[unknown]>(SIGNALS.retryStep), () => void received.push('retry'));
  wf.setHandler(wf.defineQuery<RunProgress>('progress'), () => ({
    runAttempt: manifest.runAttempt,
    seq: received.length,
    phase: [phase, ...received].join(' '),
    currentStep: 0,
    steps: [],
  }));
  const scope = wf.CancellationScope.current();
  void scope.cancelRequested.catch(() => (phase = 'cancelling'));
  const wait = (): Promise<void> => wf.condition(() => said.length > 0);
  await (manifest.inputs['stubborn'] === undefined ? wait() : wf.CancellationScope.nonCancellable(wait));
  if (said[0] === 'failed') throw wf.ApplicationFailure.nonRetryable('as the test said');
  if (said[0] === 'open') await wf.continueAsNew<typeof run>(manifest, received);
}

export { run as MigrationOrchestrator };
// Fails the bundle's type check when the name above and the real one drift apart.
export const NAME: 'MigrationOrchestrator' = RUN_WORKFLOW;
