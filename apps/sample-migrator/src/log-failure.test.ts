import { LoomRefusedError } from './discovery/discover';
import { logFailure } from './log-failure';
import { LoomAwayError } from './loom/loom-client';
import { ForgeError, GitError, StoreError } from './ports';
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

test.each<[string, Error, string]>([
  ['a token that git is refused with', new GitError('said', false, { tokenRefused: true }), 'debug'],
  ['a token that the forge refuses', new ForgeError('said', false, { tokenRefused: true }), 'debug'],
  ['another failure of git', new GitError('said', true), 'warn'],
  ['another failure of the forge', new ForgeError('said', false, { cause: new Error('x') }), 'warn'],
])('%s is logged at its level, without a stack', (_, error, level) => {
  const logs: { level: string; message: string; fields: unknown }[] = [];
  logFailure(memoryLogger(logs), 'failed', { error });
  expect(logs).toEqual([{ level, message: 'failed', fields: { error: 'said' } }]);
});
