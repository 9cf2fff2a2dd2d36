import {
  condition,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  defineSignal,
} from '@temporalio/workflow';
import type { dispatch } from './activities';

/** Ends the step of this number. */
const done = defineSignal<[number]>('done');
const limits = { startToCloseTimeout: '10s' } as const;
const regular = proxyActivities<{ dispatch: typeof dispatch }>(limits);
const local = proxyLocalActivities<{ dispatch: typeof dispatch }>(limits);

/** The least that a durable run of steps can be: POST, wait for a signal, go on. */
export async function bareRun(runId: string, steps: number, kind: 'regular' | 'local'): Promise<void> {
  let ended = 0;
  setHandler(done, (stepIndex) => {
    ended = Math.max(ended, stepIndex + 1);
  });
  const activities = kind === 'local' ? local : regular;
  for (let stepIndex = 0; stepIndex < steps; stepIndex += 1) {
    await activities.dispatch(runId, stepIndex);
    await condition(() => ended > stepIndex);
  }
}
