import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setStage, type Stage } from './testing/stage';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close(), 15_000);

const owned = (): number => readdirSync(join(stage.workDirectory, 'clones')).length;
const found = { status: 200, body: { candidates: 1, problems: [] } };

test('migrators share a work directory, and survive that somebody empties it', async () => {
  const first = await stage.start();
  expect(await first.post('/discover', {})).toMatchObject(found);
  const second = await stage.start({ MIGRATOR_REDIS_PREFIX: stage.redis.prefix() });
  expect(await second.post('/discover', {})).toMatchObject(found);
  expect(await first.post('/discover', {})).toMatchObject(found);
  expect(owned()).toBe(2);

  // One that is killed leaves its directory to the next that starts; one that is asked to stop leaves nothing.
  await second.kill('SIGKILL');
  expect(owned()).toBe(2);
  const third = await stage.start({ MIGRATOR_REDIS_PREFIX: stage.redis.prefix() });
  expect(owned()).toBe(2);
  expect(await third.kill('SIGTERM')).toBe(0);
  expect(owned()).toBe(1);
  expect(await first.post('/discover', {})).toMatchObject(found);

  rmSync(join(stage.workDirectory, 'clones'), { recursive: true });
  expect(await first.post('/discover', {})).toMatchObject(found);
  expect(await first.kill('SIGTERM')).toBe(0);
}, 60_000);
