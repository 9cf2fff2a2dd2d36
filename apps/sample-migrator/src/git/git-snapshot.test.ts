import type { GitRunner } from './git-runner';
import { createGitSnapshot } from './git-snapshot';

/** A snapshot of a clone that holds these bytes. */
function snapshotOf(files: Readonly<Record<string, Buffer>>) {
  const answer = (path: string): Buffer => {
    const content = files[path];
    if (!content) return Buffer.from(`${path} missing\n`);
    return Buffer.concat([Buffer.from(`00 blob ${String(content.length)}\n`), content, Buffer.from('\n')]);
  };
  const git: GitRunner = {
    run: () => Promise.reject(new Error('nothing is listed')),
    bytes: (_directory, _args, options) => {
      const asked = String(options?.input).trimEnd().split('\n');
      return Promise.resolve(Buffer.concat(asked.map((line) => answer(line.slice('commit:'.length)))));
    },
  };
  const [directory, repo, branch, commit] = ['', 'acme/one', 'main', 'commit'];
  return createGitSnapshot({ git, directory, repo, branch, commit, release: () => undefined });
}

const LATIN_1 = Buffer.from('name: caf\xe9\n', 'latin1');

test('a file that is not UTF-8 cannot be read to be edited, and is named', async () => {
  const snapshot = snapshotOf({ 'a.yaml': LATIN_1 });
  await expect(snapshot.read('a.yaml')).rejects.toThrow('a.yaml of acme/one is not UTF-8 text');
});

test('among many it hides no other', async () => {
  const snapshot = snapshotOf({ 'a.yaml': LATIN_1, 'b.yaml': Buffer.from('b: 1\n') });
  const found = await snapshot.readMany(['a.yaml', 'b.yaml', 'none']);
  expect([...found.keys()]).toEqual(['a.yaml', 'b.yaml']);
  expect(found.get('b.yaml')).toBe('b: 1\n');
});

test('every byte stays, a byte order mark too', async () => {
  const text = '\uFEFFname: café 🧵\r\n';
  expect(await snapshotOf({ 'a.yaml': Buffer.from(text) }).read('a.yaml')).toBe(text);
});
