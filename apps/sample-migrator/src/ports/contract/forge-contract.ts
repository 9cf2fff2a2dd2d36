import { ForgeError, type Forge, type PullRequest } from '../forge';

/** A repository `acme/one` on a forge, and the hands that people have there. */
export interface ForgeHarness {
  forge: Forge;
  /** Pushes a branch that differs from main. */
  pushBranch(branch: string): Promise<void>;
  /** Merges, and returns the commit. */
  merge(number: number): Promise<string>;
  /** Lets main change so that the branch conflicts with it. */
  conflict(branch: string, number: number): Promise<void>;
  /** Deletes a branch, and with it its open pull request. */
  deleteBranch(branch: string, number: number): Promise<void>;
  close(): Promise<void>;
}

const repo = 'acme/one';
/** Forges draw some of their conclusions in their own time. */
const SETTLE_MS = 20_000;

/** What every Forge does. */
export function forgeContract(name: string, create: () => Promise<ForgeHarness>): void {
  describe(`Forge: ${name}`, () => {
    let harness: ForgeHarness;
    beforeEach(async () => {
      harness = await create();
    });
    afterEach(() => harness.close());
    const open = async (branch: string) => {
      await harness.pushBranch(branch);
      return harness.forge.open({ repo, branch, base: 'main', title: `t ${branch}`, body: 'b' });
    };
    const inTime = async (number: number, wanted: (pull: PullRequest) => boolean): Promise<PullRequest> => {
      const deadline = Date.now() + SETTLE_MS;
      for (;;) {
        const pull = await harness.forge.get(repo, number);
        if (wanted(pull)) return pull;
        if (Date.now() > deadline) throw new Error(`not in time: ${JSON.stringify(pull)}`);
      }
    };

    test('a pull request is opened once for a branch, and found by it', async () => {
      const { forge } = harness;
      const pull = await open('loom/m/c/s');
      expect(pull).toMatchObject({ repo, branch: 'loom/m/c/s', state: 'open' });
      expect(pull.url).toMatch(/^https?:\/\/.+one/);
      expect((await open('loom/m/c/s')).number).toBe(pull.number);
      expect((await open('loom/m/c/t')).number).not.toBe(pull.number);
      expect((await forge.findOpen(repo, 'loom/m/c/s'))?.number).toBe(pull.number);
      expect(await forge.findOpen(repo, 'loom/m/c')).toBeUndefined();
    });

    test('a merged one tells its commit', async () => {
      const { number } = await open('a');
      const commitSha = await harness.merge(number);
      const merged = { state: 'merged', commitSha };
      expect(await harness.forge.get(repo, number)).toMatchObject(merged);
      expect(await harness.forge.peek(repo, number)).toMatchObject(merged);
      expect(await harness.forge.findOpen(repo, 'a')).toBeUndefined();
      await harness.forge.close(repo, number);
      expect((await harness.forge.get(repo, number)).state).toBe('merged');
    });

    test('a closed one is closed, and a new one may follow', async () => {
      const { number } = await open('a');
      await harness.forge.close(repo, number);
      await harness.forge.close(repo, number);
      const closed = await harness.forge.get(repo, number);
      expect([closed.state, closed.commitSha]).toEqual(['closed', undefined]);
      expect((await open('a')).number).not.toBe(number);
    });

    test('the open ones of a repository are listed, and no others', async () => {
      const opened = [await open('a'), await open('b'), await open('c')].map(({ number }) => number);
      await harness.forge.close(repo, opened[1] ?? 0);
      const { numbers, last } = await harness.forge.openNumbers(repo, 1);
      expect([new Set(numbers), last]).toEqual([new Set([opened[0], opened[2]]), true]);
    });

    test('a conflict is told, once the forge knows of it', async () => {
      const { number } = await open('a');
      expect((await harness.forge.get(repo, number)).conflicting).toBe(false);
      await harness.conflict('a', number);
      expect((await inTime(number, ({ conflicting }) => conflicting)).state).toBe('open');
    });

    test('one whose branch was deleted is closed, and still of that branch', async () => {
      const { number } = await open('loom/m/c/s');
      await harness.deleteBranch('loom/m/c/s', number);
      expect((await inTime(number, ({ state }) => state === 'closed')).branch).toBe('loom/m/c/s');
    });

    test('what is not there is a ForgeError that says so', async () => {
      await expect(harness.forge.get(repo, 999)).rejects.toThrow(ForgeError);
      await expect(harness.forge.get(repo, 999)).rejects.toMatchObject({ notFound: true, transient: false });
      await expect(harness.forge.get(repo, 999)).rejects.toThrow(
        /GET \/repos\/acme\/one\/pulls\/999 failed: 404/,
      );
      await expect(harness.forge.ping()).resolves.toBeUndefined();
    });
  });
}
