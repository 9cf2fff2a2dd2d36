import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cachedTemporal, intoCache } from './temporal-cache';
import { fakeProbes } from './testing/fake-probes';

const RIGHT = 'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)';

let cacheDirectory: string;
beforeEach(() => (cacheDirectory = mkdtempSync(join(tmpdir(), 'loom-cache-'))));
afterEach(() => {
  rmSync(cacheDirectory, { recursive: true, force: true });
});

function probesSaying(version: string) {
  const probes = fakeProbes({ cacheDirectory });
  probes.isExecutable = (path) => Promise.resolve(existsSync(path));
  probes.run = () => Promise.resolve({ code: 0, output: version, timedOut: false });
  return probes;
}

const writing = (text: string) => (directory: string) => {
  writeFileSync(join(directory, 'some-name'), text);
  return Promise.resolve({ file: join(directory, 'some-name') });
};

it('leaves one whole file when two runs obtain at the same time', async () => {
  const probes = probesSaying(RIGHT);
  const results = await Promise.all([intoCache(probes, writing('a')), intoCache(probes, writing('b'))]);
  const path = cachedTemporal(probes);
  expect(results).toEqual([{ path }, { path }]);
  expect(['a', 'b']).toContain(readFileSync(path, 'utf8'));
  expect(readdirSync(dirname(path))).toEqual(['temporal']);
});

it('keeps what is cached when what came is of another version', async () => {
  await intoCache(probesSaying(RIGHT), writing('good'));
  const probes = probesSaying('temporal version 1.9.0 (Server 1.31.0)');
  await expect(intoCache(probes, writing('bad'))).resolves.toEqual({
    failed: 'what came is not server 1.29.1',
  });
  expect(readFileSync(cachedTemporal(probes), 'utf8')).toBe('good');
});

it('removes what a killed run left, and not what a running one is at', async () => {
  const probes = probesSaying(RIGHT);
  const directory = dirname(cachedTemporal(probes));
  const [dead, alive] = [join(directory, 'partial-4194999-x'), join(directory, `partial-${process.pid}-x`)];
  for (const path of [dead, alive]) mkdirSync(path, { recursive: true });
  await intoCache(probes, writing('a'));
  expect(readdirSync(directory).sort()).toEqual([`partial-${process.pid}-x`, 'temporal']);
});
