import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeStaleLocks } from './stale-locks';
import { temporaryDirectory } from '../testing/harness';

it('removes locks that lost their owner, and nothing else', async () => {
  const data = await temporaryDirectory();
  try {
    const heads = join(data.path, 'refs', 'heads', 'loom');
    await mkdir(heads, { recursive: true });
    const old = new Date(Date.now() - 60_000);
    for (const path of [
      join(heads, 'a.lock'),
      join(heads, 'a'),
      join(data.path, 'HEAD.lock'),
      join(data.path, 'config'),
    ]) {
      await writeFile(path, '');
      await utimes(path, old, old);
    }
    await removeStaleLocks(data.path);
    expect(await readdir(heads)).toEqual(['a']);
    expect((await readdir(data.path)).sort()).toEqual(['config', 'refs']);
  } finally {
    await data.remove();
  }
});

it('waits for a young lock, whose owner may still release it', async () => {
  const data = await temporaryDirectory();
  try {
    const lock = join(data.path, 'HEAD.lock');
    await mkdir(join(data.path, 'refs'));
    await writeFile(lock, '');
    const almost = new Date(Date.now() - 4_700);
    await utimes(lock, almost, almost);
    const removed = removeStaleLocks(data.path);
    expect((await stat(lock)).isFile()).toBe(true);
    await removed;
    await expect(stat(lock)).rejects.toThrow(/ENOENT/);
  } finally {
    await data.remove();
  }
});
