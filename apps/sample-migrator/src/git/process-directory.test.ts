import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createProcessDirectory } from './process-directory';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'migrator-processes-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

function leave(name: string): string {
  mkdirSync(join(parent, name, 'clone'), { recursive: true });
  writeFileSync(join(parent, name, 'clone', 'HEAD'), 'x');
  return name;
}

test('what dead processes left is removed; what is of the living, of other hosts or unknown stays', async () => {
  const { pid: dead } = spawnSync(process.execPath, ['--version']);
  leave(`${hostname()}-${String(dead)}-0123abcd`);
  const kept = [
    leave(`${hostname()}-${String(process.ppid)}-0123abcd`),
    leave(`another.host-${String(dead)}-0123abcd`),
    leave('notes'),
  ];
  const own = await createProcessDirectory(parent);
  expect(readdirSync(parent).sort()).toEqual([...kept, basename(own.path)].sort());
  leave(basename(own.path));
  await own.remove();
  await own.remove();
  expect(readdirSync(parent).sort()).toEqual(kept.sort());
});

test('a process before us that had the same id, as in containers, is dead', async () => {
  const before = await createProcessDirectory(join(parent, 'not', 'there', 'yet'));
  const after = await createProcessDirectory(join(parent, 'not', 'there', 'yet'));
  expect([existsSync(before.path), existsSync(after.path)]).toEqual([false, true]);
});
