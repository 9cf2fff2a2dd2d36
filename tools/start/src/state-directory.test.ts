import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processBirth } from '@loom/dev-stack';
import { localSecrets } from './secrets';
import { claimDirectory } from './state-directory';

let root: string;
let directory: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'loom-claim-'));
  directory = join(root, 'state');
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const put = (name: string, text = 'text') => {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, name), text);
};
const names = () => readdirSync(directory).sort();
const OURS = ['.loom-state', 'loom.pid'];

describe('a directory for state', () => {
  it('is made where there is none, and marked', async () => {
    await claimDirectory(directory, { fresh: true });
    expect(names()).toEqual(OURS);
  });

  it.each([true, false])('that holds foreign files is left alone (fresh: %s)', async (fresh) => {
    put('thesis.txt');
    await expect(claimDirectory(directory, { fresh })).rejects.toThrow(
      /^\S+ holds files that are not Loom's, so it is left alone: [^\n]+$/,
    );
    expect(names()).toEqual(['thesis.txt']);
  });

  it('is not ours for holding somebody else’s secrets.json', async () => {
    put('secrets.json', '{"password":"x"}');
    await expect(claimDirectory(directory, { fresh: true })).rejects.toThrow("not Loom's");
    expect(names()).toEqual(['secrets.json']);
  });

  it('that carries the marker, or our secrets, is cleared when asked', async () => {
    put('.loom-state');
    put('old');
    await claimDirectory(directory, { fresh: true });
    expect(names()).toEqual(OURS);
    const earlier = join(root, 'earlier');
    await localSecrets(join(earlier, 'secrets.json'));
    await claimDirectory(earlier, { fresh: true });
    expect(readdirSync(earlier).sort()).toEqual(OURS);
  });

  it('keeps its state when nobody asks for a fresh one', async () => {
    put('.loom-state');
    put('old');
    await claimDirectory(directory, { fresh: false });
    expect(names()).toEqual([...OURS, 'old']);
  });

  it('is not cleared when what is asked before fails, and is free again', async () => {
    put('.loom-state');
    put('old');
    const beforeClearing = () => Promise.reject(new Error('port 8080 is taken'));
    await expect(claimDirectory(directory, { fresh: true, beforeClearing })).rejects.toThrow('port 8080');
    expect(names()).toEqual(['.loom-state', 'old']);
  });
});

describe('a directory that another Loom uses', () => {
  it('is refused in one line that says what to do', async () => {
    await claimDirectory(directory, { fresh: true });
    put('old');
    await expect(claimDirectory(directory, { fresh: true })).rejects.toThrow(
      new RegExp(`^another Loom uses \\S+ \\(process ${process.pid}\\): stop it, or [^\\n]+ --dir$`),
    );
    expect(names()).toEqual([...OURS, 'old']);
  });

  it('is taken when that one is dead', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    put('.loom-state');
    put('loom.pid', `${child.pid ?? 0} ${processBirth(process.pid)}\n`);
    await claimDirectory(directory, { fresh: true });
    expect(names()).toEqual(OURS);
  });

  it('is taken when its number belongs to a later process', async () => {
    put('.loom-state');
    put('loom.pid', `${process.ppid} an-earlier-start\n`);
    await claimDirectory(directory, { fresh: true });
    expect(names()).toEqual(OURS);
  });
});
