import request from 'supertest';
import { ForgeError, GitError, StoreError } from '../ports';
import { LoomAwayError } from '../loom/loom-client';
import { startMemoryMigrator, type MemoryMigrator } from '../testing/memory-migrator';
import { cancel, dispatch } from '../testing/requests';

let migrator: MemoryMigrator;
beforeEach(() => {
  migrator = startMemoryMigrator();
});
afterEach(() => migrator.stop());

test.each([
  ['Redis', new StoreError('redis cannot be used: canary'), 'redis cannot be used now'],
  ['git', new GitError('git said no'), 'git said no'],
  ['the forge', new ForgeError('the forge said no'), 'the forge said no'],
  ['Loom', new LoomAwayError('Loom gave no answer'), 'Loom gave no answer'],
])('%s away is 503 with Retry-After', async (_, error, detail) => {
  migrator.store.cancel = () => Promise.reject(error);
  const response = await cancel(migrator.app).expect(503);
  expect(response.body).toMatchObject({ code: 'dependency_unavailable', detail });
  expect(response.get('retry-after')).toBe('5');
});

test('a dispatch that cannot be recorded is 503 with Retry-After', async () => {
  migrator.store.accept = () => Promise.reject(new StoreError('redis cannot be used: Connection is closed.'));
  const response = await dispatch(migrator.app, 'cleanup-common').expect(503);
  expect(response.get('retry-after')).toBe('5');
});

test('a Loom that gives no answer is 503 to whoever asked for a discovery', async () => {
  migrator.loom.announce = () => Promise.reject(new LoomAwayError('Loom gave no answer (refused)'));
  const response = await request(migrator.app).post('/discover').expect(503);
  expect(response.body).toMatchObject({ detail: 'Loom gave no answer (refused)' });
});

test('a programming error is 500 without its message, and an error line', async () => {
  migrator.store.cancel = () => Promise.reject(new TypeError("canary: 'x' of undefined"));
  const response = await cancel(migrator.app).expect(500);
  expect(response.body).toMatchObject({ status: 500, code: 'internal' });
  expect(response.text).not.toContain('canary');
  expect(response.get('retry-after')).toBeUndefined();
  expect(migrator.logs.map(({ level }) => level)).toContain('error');
});
