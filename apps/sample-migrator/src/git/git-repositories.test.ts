import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gitRepositoriesContract } from '../ports/contract/git-repositories-contract';
import type { Snapshot } from '../ports';
import { createMemoryGitRepositories } from '../ports/memory/memory-git-repositories';
import { createBareRepositories } from '../testing/bare-repository';
import { quietTokenLog } from '../testing/memory-migrator';
import { createGitRepositories } from './git-repositories';
import { createGitRunner } from './git-runner';
import { createRepositoryCache } from './repository-cache';

function onDisk(maxRepositories = 10, maxFetches = 100) {
  const remotes = createBareRepositories();
  const directory = mkdtempSync(join(tmpdir(), 'migrator-clones-'));
  const git = createGitRunner({
    token: 'canary-token',
    gitBase: `file://${remotes.directory}`,
    environment: { PATH: process.env['PATH'] ?? '' },
    home: directory,
    timeoutMs: 20_000,
    tokenLog: quietTokenLog(),
  });
  const cache = createRepositoryCache({
    git,
    directory,
    remoteUrl: (repo) => `file://${remotes.directory}/${repo}.git`,
    maxRepositories,
    maxFetches,
  });
  const author = { name: 'Loom bot', email: 'bot@example.invalid' };
  const close = (): void => {
    remotes.remove();
    rmSync(directory, { recursive: true, force: true });
  };
  return { remotes, directory, repositories: createGitRepositories({ git, cache, author }), close };
}

gitRepositoriesContract('git', (files) => {
  const { remotes, repositories, close } = onDisk();
  remotes.create('acme/one', files);
  return Promise.resolve({
    repositories,
    remoteBranch: (branch) => Promise.resolve(remotes.branch('acme/one', branch)),
    close: () => {
      close();
      return Promise.resolve();
    },
  });
});

gitRepositoriesContract('memory', (files) => {
  const repositories = createMemoryGitRepositories();
  repositories.setMain('acme/one', files);
  return Promise.resolve({
    repositories,
    remoteBranch: (branch) => Promise.resolve(repositories.branch('acme/one', branch)),
    close: () => Promise.resolve(),
  });
});

describe('real git', () => {
  test('commits are by the bot, on top of the default branch, and keep file modes', async () => {
    const { remotes, repositories, close } = onDisk();
    remotes.create('acme/one', { 'run.sh': '#!/bin/sh\n' });
    remotes.git('acme/one', 'symbolic-ref', 'HEAD', 'refs/heads/main');
    const snapshot = await repositories.snapshot('acme/one');
    const changes = new Map([['run.sh', '#!/bin/sh\ntrue\n']]);
    const at = '2026-01-02T03:04:05.000Z';
    const commit = await repositories.push({ snapshot, branch: 'b', message: 'Title\n\nText', at, changes });
    expect(remotes.git('acme/one', 'log', '-1', '--format=%H|%P|%an|%ae|%aI|%B', 'b').trim()).toBe(
      `${commit}|${snapshot.commit}|Loom bot|bot@example.invalid|2026-01-02T03:04:05+00:00|Title\n\nText`,
    );
    close();
  });

  test('each snapshot is of the default branch as it is then', async () => {
    const { remotes, repositories, close } = onDisk();
    remotes.create('acme/one', { f: '1' });
    const before = await repositories.snapshot('acme/one');
    remotes.commit('acme/one', { f: '2' });
    const after = await repositories.snapshot('acme/one');
    expect([await before.read('f'), await after.read('f')]).toEqual(['1', '2']);
    close();
  });

  test('the cache is bounded, and never takes away what is in use', async () => {
    const { remotes, repositories, directory, close } = onDisk(2, 2);
    for (const name of ['a', 'b', 'c']) remotes.create(`acme/${name}`, { f: name });
    const held = await repositories.snapshot('acme/a');
    for (const name of ['b', 'c', 'b', 'c', 'c']) (await repositories.snapshot(`acme/${name}`)).release();
    expect(await held.read('f')).toBe('a');
    const changes = new Map([['f', 'A']]);
    for (const branch of ['1', '2', '3']) {
      await repositories.push({
        snapshot: held,
        branch,
        message: 'm',
        at: '2026-01-02T03:04:05.000Z',
        changes,
      });
    }
    expect(remotes.branch('acme/a', '3')?.get('f')).toBe('A');
    held.release();
    (await repositories.snapshot('acme/c')).release();
    await expect(untilAtMost(directory, 2)).resolves.toBeUndefined();
    close();
  });

  test.each<[string, (clone: string) => void]>([
    ['its directory', (clone) => rmSync(clone, { recursive: true })],
    ['every directory', (clone) => rmSync(dirname(clone), { recursive: true })],
    ['its objects', (clone) => rmSync(join(clone, 'objects'), { recursive: true })],
    ['its commits', (clone) => emptied(join(clone, 'objects'))],
    ['its head', (clone) => rmSync(join(clone, 'HEAD'))],
    ['its settings', (clone) => rmSync(join(clone, 'config'))],
  ])('of a clone that lost %s another is made', async (_, damage) => {
    const { remotes, repositories, directory, close } = onDisk();
    remotes.create('acme/one', { f: '1' });
    const damageAll = (): void => {
      for (const name of readdirSync(directory)) damage(join(directory, name));
    };
    const held = await repositories.snapshot('acme/one');
    damageAll();
    const at = '2026-01-02T03:04:05.000Z';
    const changes = new Map([['f', '2']]);
    const push = (snapshot: Snapshot) =>
      repositories.push({ snapshot, branch: 'b', message: 'm', at, changes });
    // What began in it cannot end in it, and is told to be tried again.
    await expect(push(held)).rejects.toMatchObject({ name: 'GitError', transient: true });
    held.release();
    const again = await repositories.snapshot('acme/one');
    expect(await again.read('f')).toBe('1');
    await expect(push(again)).resolves.toMatch(/^[0-9a-f]{40}$/);
    again.release();
    damageAll();
    (await repositories.snapshot('acme/one').catch(() => repositories.snapshot('acme/one'))).release();
    damageAll();
    await repositories.deleteBranch('acme/one', 'b').catch(() => repositories.deleteBranch('acme/one', 'b'));
    expect(remotes.branch('acme/one', 'b')).toBeUndefined();
    close();
  });

  test('a failure says what git said, without the token', async () => {
    const { repositories, close } = onDisk();
    await expect(repositories.snapshot('acme/none')).rejects.toThrow(
      /acme\/none: git ls-remote failed: .*repository/,
    );
    await expect(repositories.snapshot('acme/none')).rejects.not.toThrow('canary-token');
    close();
  });
});

/** Directories are removed in the background; each look is a turn of the event loop, not a delay. */
async function untilAtMost(directory: string, count: number): Promise<void> {
  const deadline = Date.now() + 5_000;
  const clones = (): number => readdirSync(directory).length;
  while (clones() > count) {
    if (Date.now() > deadline) throw new Error(`${String(clones())} clones are left`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Removes what is in the directories of a directory. */
function emptied(directory: string): void {
  for (const name of readdirSync(directory)) {
    rmSync(join(directory, name), { recursive: true });
    mkdirSync(join(directory, name));
  }
}
