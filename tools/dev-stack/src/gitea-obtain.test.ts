import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { obtainGitea } from './gitea-obtain';
import { fakeProbes, type Machine } from './testing/fake-probes';
import { type RunLimits } from './run-command';

const CACHED = '/home/me/.cache/loom/gitea-v1.26.0-linux-x64/gitea';
const BUILT = 'gitea version 1.26.0 built with go1.26.8';

/** Everything there is; taking parts away shows what comes next. */
const rich: Machine = {
  env: { GITEA_URL: 'http://gitea.example/', GITEA_TOKEN: 'a-token' },
  onPath: ['gitea', 'go'],
  executables: [CACHED],
  answers: {
    '/bin/gitea --version': 'gitea version 1.25.2 built with GNU Make 4.4.1, go1.25.4',
    [`${CACHED} --version`]: BUILT,
  },
};
const answers = () => Promise.resolve(true);
const silent = () => Promise.resolve(false);

let cacheDirectory: string;
beforeEach(() => (cacheDirectory = mkdtempSync(join(tmpdir(), 'loom-cache-'))));
afterEach(() => {
  rmSync(cacheDirectory, { recursive: true, force: true });
});

it('uses the Gitea that GITEA_URL names when it takes the token, and starts nothing', async () => {
  const probes = fakeProbes(rich);
  const gitea = { url: 'http://gitea.example', token: 'a-token' };
  const asked: object[] = [];
  const found = await obtainGitea(probes, (one) => Promise.resolve(asked.push(one) > 0));
  expect(found).toEqual(gitea);
  expect(asked).toEqual([gitea]);
  expect(probes.ran).toEqual([]);
  expect(probes.reported).toEqual(['Gitea: http://gitea.example answers (GITEA_URL)']);
});

it('does not fall back in silence when that one does not answer, and never shows the token', async () => {
  const refusal = obtainGitea(fakeProbes(rich), silent);
  await expect(refusal).rejects.toThrow(/^GITEA_URL=http:\/\/gitea\.example does not answer .* GITEA_TOKEN/);
  await expect(refusal).rejects.not.toThrow('a-token');
});

it('takes the one on PATH, whatever its version, then the cached one of this version', async () => {
  const onPath = fakeProbes({ ...rich, env: {} });
  expect(await obtainGitea(onPath, answers)).toEqual({ path: '/bin/gitea', staticRoot: undefined });
  expect(onPath.reported).toEqual(['Gitea: /bin/gitea (on PATH, 1.25.2)']);
  const cached = fakeProbes({ ...rich, env: {}, onPath: ['go'] });
  expect(await obtainGitea(cached, answers)).toEqual({
    path: CACHED,
    staticRoot: '/home/me/.cache/loom/gitea-v1.26.0-linux-x64',
  });
});

/** A machine where Go makes what a real build makes; `left` is what the build leaves of it. */
const building = (left: (source: string, target: string) => void): Machine => ({
  onPath: ['go'],
  cacheDirectory,
  executables: [],
  answers: {
    'go version': 'go version go1.26.8 linux/amd64',
    'go mod download': '{\n"Dir": "/go/mod/gitea@v1.26.0",\n}',
    cp: '',
    chmod: '',
    'go build': (limits: RunLimits) => {
      const source = limits.cwd ?? '';
      mkdirSync(source);
      left(source, join(source, '..', 'gitea'));
      return { output: '' };
    },
  },
});

it('builds it with Go, and keeps the binary with what it reads, but not the source', async () => {
  const made: string[] = [];
  const machine = building((source, target) => {
    for (const folder of ['options', 'templates', 'public']) mkdirSync(join(source, folder));
    writeFileSync(target, '');
    made.push(target);
  });
  const probes = fakeProbes({ ...machine, answers: { ...machine.answers, [cacheDirectory]: BUILT } });
  const found = await obtainGitea(
    { ...probes, isExecutable: (path) => Promise.resolve(existsSync(path)) },
    answers,
  );
  const directory = join(cacheDirectory, 'gitea-v1.26.0-linux-x64');
  expect(found).toEqual({ path: join(directory, 'gitea'), staticRoot: directory });
  expect(readdirSync(directory).sort()).toEqual(['gitea', 'options', 'public', 'templates']);
  expect(readdirSync(cacheDirectory)).toEqual(['gitea-v1.26.0-linux-x64']);
  expect(probes.ran).toContainEqual(expect.stringContaining('-X main.Version=1.26.0'));
  expect(probes.reported).toEqual([
    'building Gitea 1.26.0 with Go: about 4 minutes, once',
    `Gitea: ${join(directory, 'gitea')} (built with Go, 1.26.0)`,
  ]);
});

it('leaves nothing of a build that failed, and says what the compiler said', async () => {
  const machine = building(() => undefined);
  const failing = { ...machine.answers, 'go build': () => ({ code: 1, output: 'cgo: gcc: not found' }) };
  const probes = fakeProbes({ ...machine, answers: failing });
  await expect(obtainGitea(probes, answers)).rejects.toThrow('Go: go build: cgo: gcc: not found');
  expect(readdirSync(cacheDirectory)).toEqual([]);
});

it('names every way that was tried when none is left', async () => {
  await expect(obtainGitea(fakeProbes(), answers)).rejects.toThrow(
    [
      'no Gitea was found, and none could be obtained. Tried, in this order:',
      '  GITEA_URL: not set',
      '  PATH: no gitea on PATH',
      `  cache: no Gitea 1.26.0 at ${CACHED}`,
      '  Go: no go command on PATH',
      'Mend any one of these; the shortest is to install Gitea (gitea) and put it on PATH, or to start one and set GITEA_URL and GITEA_TOKEN.',
    ].join('\n'),
  );
  const old = fakeProbes({ onPath: ['go'], answers: { 'go version': 'go version go1.22.0 linux/amd64' } });
  await expect(obtainGitea(old, answers)).rejects.toThrow(
    'Go: Go 1.25 or newer is needed, not go version go1.22.0',
  );
});
