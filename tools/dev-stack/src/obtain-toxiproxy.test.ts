import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { obtainToxiproxyProgram } from './obtain-toxiproxy';
import { fakeProbes } from './testing/fake-probes';
import { cachedToxiproxy } from './toxiproxy-links';

const VERSION = 'toxiproxy-server version git';

let cacheDirectory: string;
beforeEach(() => (cacheDirectory = mkdtempSync(join(tmpdir(), 'loom-cache-'))));
afterEach(() => {
  rmSync(cacheDirectory, { recursive: true, force: true });
});

it('takes the one on PATH, and builds nothing', async () => {
  const probes = fakeProbes({
    onPath: ['toxiproxy-server', 'go'],
    answers: { '/bin/toxiproxy-server -version': VERSION },
  });
  await expect(obtainToxiproxyProgram(probes)).resolves.toEqual({
    kind: 'binary',
    path: '/bin/toxiproxy-server',
  });
});

it('builds it with Go into the cache, and takes it from there the next time', async () => {
  const probes = fakeProbes({ onPath: ['go'], cacheDirectory });
  probes.isExecutable = (path) => Promise.resolve(existsSync(path));
  const built: string[] = [];
  probes.run = (_, args, { env }) => {
    if (args[0] === 'install') {
      built.push(args[1] ?? '');
      writeFileSync(join(env?.['GOBIN'] ?? '', 'server'), 'built');
    }
    return Promise.resolve({ code: 0, output: VERSION, timedOut: false });
  };
  const path = cachedToxiproxy(probes);
  await expect(obtainToxiproxyProgram(probes)).resolves.toEqual({ kind: 'binary', path });
  expect(readdirSync(dirname(path))).toEqual(['toxiproxy-server']);
  await expect(obtainToxiproxyProgram(probes)).resolves.toEqual({ kind: 'binary', path });
  expect(built).toEqual(['github.com/Shopify/toxiproxy/v2/cmd/server@v2.5.0']);
  expect(probes.reported.at(-1)).toBe(`toxiproxy: ${path} (cached)`);
});

it('says what was tried where neither is possible', async () => {
  const probes = fakeProbes({
    onPath: ['go'],
    cacheDirectory,
    answers: { 'go list': () => ({ timedOut: true, code: null }) },
  });
  await expect(obtainToxiproxyProgram(probes)).rejects.toMatchObject({
    message: [
      'no toxiproxy was found, and none could be obtained. Tried, in this order:',
      '  PATH: no toxiproxy-server on PATH',
      `  cache: none at ${cachedToxiproxy(probes)}`,
      '  Go: github.com/Shopify/toxiproxy/v2@v2.5.0 is not to be had: no answer',
      'Mend any one of these; the shortest is to install toxiproxy (toxiproxy-server) and put it on PATH.',
    ].join('\n'),
  });
});
