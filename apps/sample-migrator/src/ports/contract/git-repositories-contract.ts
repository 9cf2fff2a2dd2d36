import { GitError, type GitRepositories } from '../git-repositories';

/** A repository `acme/one` with `files` on its default branch, and how to look at what was pushed. */
export interface GitRepositoriesHarness {
  repositories: GitRepositories;
  /** Files of a branch on the remote; undefined when there is no such branch. */
  remoteBranch(branch: string): Promise<ReadonlyMap<string, string> | undefined>;
  close(): Promise<void>;
}

const files = { 'README.md': '# one\n', 'a/b.yaml': 'x: 1 # ü\n', 'a/c.yaml': 'y: 2', 'd/e.yaml': '' };
const at = '2026-01-02T03:04:05.000Z';

/** What every GitRepositories does. */
export function gitRepositoriesContract(
  name: string,
  create: (files: Readonly<Record<string, string>>) => Promise<GitRepositoriesHarness>,
): void {
  describe(`GitRepositories: ${name}`, () => {
    let harness: GitRepositoriesHarness;
    beforeEach(async () => {
      harness = await create(files);
    });
    afterEach(() => harness.close());

    test('a snapshot reads and lists the default branch', async () => {
      const snapshot = await harness.repositories.snapshot('acme/one');
      expect(snapshot.branch).toBe('main');
      expect(await snapshot.read('a/b.yaml')).toBe('x: 1 # ü\n');
      expect(await snapshot.read('a/none.yaml')).toBeUndefined();
      expect(await snapshot.read('a')).toBeUndefined();
      expect(await snapshot.list('a')).toEqual(['a/b.yaml', 'a/c.yaml']);
      expect(await snapshot.list('')).toEqual(['README.md', 'a/b.yaml', 'a/c.yaml', 'd/e.yaml']);
      expect([...(await snapshot.readMany(['d/e.yaml', 'none', 'a/c.yaml']))]).toEqual([
        ['d/e.yaml', ''],
        ['a/c.yaml', 'y: 2'],
      ]);
      snapshot.release();
    });

    test('a push makes the branch exactly the changed snapshot', async () => {
      const { repositories } = harness;
      const snapshot = await repositories.snapshot('acme/one');
      const push = (changes: [string, string | null][]) =>
        repositories.push({ snapshot, branch: 'loom/x', message: 'm', at, changes: new Map(changes) });
      const first = await push([
        ['new/file', 'n\n'],
        ['a/c.yaml', null],
        ['a/b.yaml', 'x: 2\n'],
      ]);
      expect(
        await push([
          ['new/file', 'n\n'],
          ['a/c.yaml', null],
          ['a/b.yaml', 'x: 2\n'],
        ]),
      ).toBe(first);
      expect(await harness.remoteBranch('loom/x')).toEqual(
        new Map([
          ['README.md', '# one\n'],
          ['a/b.yaml', 'x: 2\n'],
          ['d/e.yaml', ''],
          ['new/file', 'n\n'],
        ]),
      );
      await push([['other', '']]);
      expect([...((await harness.remoteBranch('loom/x')) ?? new Map()).keys()].sort()).toEqual(
        ['README.md', 'a/b.yaml', 'a/c.yaml', 'd/e.yaml', 'other'].sort(),
      );
      snapshot.release();
    });

    test('pushes side by side do not interfere', async () => {
      const branches = ['b1', 'b2', 'b3', 'b4'];
      await Promise.all(
        branches.map(async (branch) => {
          const snapshot = await harness.repositories.snapshot('acme/one');
          const changes = new Map([[`f/${branch}`, branch]]);
          await harness.repositories.push({ snapshot, branch, message: branch, at, changes });
          snapshot.release();
        }),
      );
      for (const branch of branches) {
        const pushed = [...((await harness.remoteBranch(branch)) ?? new Map<string, string>()).keys()];
        expect(pushed.filter((path) => path.startsWith('f/'))).toEqual([`f/${branch}`]);
      }
    });

    test('deleting a branch is repeatable', async () => {
      const { repositories } = harness;
      const snapshot = await repositories.snapshot('acme/one');
      await repositories.push({ snapshot, branch: 'gone', message: 'm', at, changes: new Map([['f', 'x']]) });
      snapshot.release();
      await repositories.deleteBranch('acme/one', 'gone');
      await repositories.deleteBranch('acme/one', 'gone');
      expect(await harness.remoteBranch('gone')).toBeUndefined();
    });

    test('an unknown repository is a GitError, and no trouble that passes, whatever its name', async () => {
      const { repositories } = harness;
      await expect(repositories.snapshot('acme/none')).rejects.toBeInstanceOf(GitError);
      for (const repo of ['acme/none', 'acme/connection-timeout']) {
        const refusal = { name: 'GitError', transient: false, tokenRefused: false };
        await expect(repositories.deleteBranch(repo, 'b')).rejects.toMatchObject(refusal);
      }
    });
  });
}
