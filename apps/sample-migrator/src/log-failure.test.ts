import { LoomRefusedError } from './discovery/discover';
import { logFailure } from './log-failure';
import { LoomAwayError } from './loom/loom-client';
import { StoreError } from './ports';
import { memoryLogger } from './testing/memory-migrator';

test.each<[string, unknown, string]>([
  ['no connection to Redis', new StoreError('refused'), 'debug'],
  ['Redis that says no', new StoreError('OOM', 'refused'), 'warn'],
  ['no connection to Loom', new LoomAwayError('refused'), 'debug'],
  ['a Loom that misses something', new LoomRefusedError('submit', { status: 503 }), 'debug'],
  ['a Loom that says no', new LoomRefusedError('submit', { status: 400 }), 'warn'],
  ['anything else', new Error('x'), 'warn'],
])('%s is logged at its level', (_, error, level) => {
  const logs: { level: string; message: string; fields: unknown }[] = [];
  logFailure(memoryLogger(logs), 'failed', { error, work: 'w' });
  expect(logs).toEqual([{ level, message: 'failed', fields: { error, work: 'w' } }]);
});
