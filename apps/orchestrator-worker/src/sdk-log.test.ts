import { runInNewContext } from 'node:vm';
import { DependencyUnavailableError } from '@loom/domain';
import { MemoryLogger } from '@loom/ports/memory';
import { tellOfSdk } from './sdk-log';

const away = new DependencyUnavailableError('store', 'redis is not connected', true);

it.each<[string, string, Error | undefined, string]>([
  ['an activity that met an outage', 'Activity failed', away, 'debug'],
  [
    'a workflow whose activity met one',
    'Workflow failed',
    runInNewContext(
      `new Error('Activity task failed', { cause: Object.assign(new Error(), { type: '${away.name}' }) })`,
    ) as Error,
    'debug',
  ],
  ['a poll that is repeated', 'gRPC call poll_workflow_task_queue retried 6 times', undefined, 'debug'],
  ['an activity with another failure', 'Activity failed', new Error('x'), 'warn'],
  ['anything else', 'Something', undefined, 'warn'],
])('%s is logged at its level', (_, message, error, level) => {
  const logger = new MemoryLogger();
  const meta = { sdkComponent: 'worker', ...(error === undefined ? {} : { error }) };
  tellOfSdk(logger, { level: 'WARN', message, meta });
  expect(logger.lines).toEqual([{ level, message, fields: meta }]);
});

it('an error of the SDK stays one', () => {
  const logger = new MemoryLogger();
  tellOfSdk(logger, { level: 'ERROR', message: 'Worker failed', meta: {} });
  expect(logger.lines).toEqual([{ level: 'error', message: 'Worker failed', fields: {} }]);
});
