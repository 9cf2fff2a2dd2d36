import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { showFilling } from './filled-repositories';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'loom-filling-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const fill = (name: string, file: string) => {
  mkdirSync(join(directory, name, file, '..'), { recursive: true });
  writeFileSync(join(directory, name, file), '');
};

it('counts repositories as they are filled, and ends with all of them', async () => {
  const lines: string[] = [];
  let finish = (): void => undefined;
  const work = new Promise<void>((resolve) => (finish = resolve));
  const show = (line: string): void => {
    lines.push(line);
    if (line === '0 of 3 repositories') fill('a.git', 'refs/heads/main');
    if (line === '1 of 3 repositories') {
      mkdirSync(join(directory, 'empty.git/refs/heads'), { recursive: true });
      fill('b.git', 'packed-refs');
    }
    if (line === '2 of 3 repositories') finish();
  };
  const done = (line: string) => lines.push(`done: ${line}`);
  await showFilling(work, { directory, total: 3, progress: { show, done } });
  expect([...new Set(lines)]).toEqual([
    '0 of 3 repositories',
    '1 of 3 repositories',
    '2 of 3 repositories',
    'done: 3 of 3 repositories',
  ]);
});

it('does not end well when the work does not', async () => {
  const progress = { show: () => undefined, done: jest.fn() };
  const work = Promise.reject(new Error('the forge is full'));
  await expect(showFilling(work, { directory, total: 3, progress })).rejects.toThrow('the forge is full');
  expect(progress.done).not.toHaveBeenCalled();
});
