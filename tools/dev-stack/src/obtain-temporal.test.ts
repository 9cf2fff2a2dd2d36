import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { obtainTemporal, obtainTemporalProgram } from './obtain-temporal';
import { type RunCommand } from './run-command';
import { cachedTemporal } from './temporal-cache';
import { fakeProbes, type Machine } from './testing/fake-probes';

const RIGHT = 'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)';
const CACHED = '/home/me/.cache/loom/temporal-v1.5.1-linux-x64/temporal';

/** Everything there is; taking parts away shows what comes next. */
const rich: Machine = {
  env: { TEMPORAL_HOSTPORT: 'localhost:7233' },
  temporal: ['localhost:7233'],
  onPath: ['temporal', 'docker', 'go'],
  executables: [CACHED, '/home/me/go/bin/temporal'],
  answers: {
    '/bin/temporal --version': 'temporal version 1.4.0 (Server 1.28.0, UI 2.41.0)',
    [`${CACHED} --version`]: RIGHT,
    '/home/me/go/bin/temporal --version': RIGHT,
    'docker info': '27.0',
    'docker image inspect': '[]',
    'go version': 'go version go1.25.1 linux/amd64',
  },
};

let cacheDirectory: string;
beforeEach(() => (cacheDirectory = mkdtempSync(join(tmpdir(), 'loom-cache-'))));
afterEach(() => {
  rmSync(cacheDirectory, { recursive: true, force: true });
});

/** Writes what the real downloader would write: one file, named after the version. */
const downloading: RunCommand = (command, args) => {
  if (command === process.execPath) writeFileSync(join(args[2] ?? '', 'temporal-v1.5.1'), 'binary');
  return Promise.resolve({ code: 0, output: RIGHT, timedOut: false });
};

describe('the chain for Temporal', () => {
  it('uses the server that TEMPORAL_HOSTPORT names, and starts nothing', async () => {
    const probes = fakeProbes(rich);
    await expect(obtainTemporal(probes)).resolves.toEqual({ kind: 'running', address: 'localhost:7233' });
    expect(probes.ran).toEqual([]);
    expect(probes.reported).toEqual(['Temporal: localhost:7233 answers (TEMPORAL_HOSTPORT)']);
  });

  it('does not fall back in silence when TEMPORAL_HOSTPORT does not answer', async () => {
    const probes = fakeProbes({ ...rich, temporal: [] });
    await expect(obtainTemporal(probes)).rejects.toThrow(
      'TEMPORAL_HOSTPORT=localhost:7233 does not answer; start it, or unset TEMPORAL_HOSTPORT to let Loom start its own',
    );
    expect(probes.ran).toEqual([]);
  });

  it('refuses a TEMPORAL_HOSTPORT that is no address', async () => {
    await expect(obtainTemporal(fakeProbes({ env: { TEMPORAL_HOSTPORT: 'temporal' } }))).rejects.toThrow(
      'TEMPORAL_HOSTPORT=temporal is not an address: write it as host:port',
    );
  });

  it('ignores TEMPORAL_HOSTPORT where a server of its own is wanted', async () => {
    await expect(obtainTemporalProgram(fakeProbes(rich))).resolves.toEqual({
      kind: 'binary',
      path: '/bin/temporal',
    });
  });

  it('takes the one on PATH, whatever its version, and says which', async () => {
    const probes = fakeProbes({ ...rich, env: {} });
    await expect(obtainTemporal(probes)).resolves.toEqual({ kind: 'binary', path: '/bin/temporal' });
    expect(probes.reported).toEqual(['Temporal: /bin/temporal (on PATH, server 1.28.0)']);
  });

  it('prefers TEMPORAL_CLI_PATH to PATH', async () => {
    const probes = fakeProbes({ ...rich, env: { TEMPORAL_CLI_PATH: CACHED } });
    await expect(obtainTemporal(probes)).resolves.toEqual({ kind: 'binary', path: CACHED });
    expect(probes.reported).toEqual([`Temporal: ${CACHED} (TEMPORAL_CLI_PATH, server 1.29.1)`]);
  });

  it('tells when TEMPORAL_CLI_PATH is no Temporal CLI', async () => {
    await expect(
      obtainTemporal(fakeProbes({ ...rich, env: { TEMPORAL_CLI_PATH: '/bin/ls' } })),
    ).rejects.toThrow('TEMPORAL_CLI_PATH=/bin/ls is no Temporal CLI');
  });

  it('takes the cached one next, then the one Go has installed before', async () => {
    const noPath = { ...rich, env: {}, onPath: ['docker', 'go'] };
    await expect(obtainTemporal(fakeProbes(noPath))).resolves.toEqual({ kind: 'binary', path: CACHED });
    const probes = fakeProbes({ ...noPath, executables: ['/home/me/go/bin/temporal'] });
    await expect(obtainTemporal(probes)).resolves.toEqual({
      kind: 'binary',
      path: '/home/me/go/bin/temporal',
    });
    expect(probes.reported).toEqual(['Temporal: /home/me/go/bin/temporal (cached, server 1.29.1)']);
  });

  it('does not take a cached one of another version', async () => {
    const probes = fakeProbes({
      ...rich,
      env: {},
      onPath: ['docker'],
      executables: ['/home/me/go/bin/temporal'],
      answers: {
        ...rich.answers,
        '/home/me/go/bin/temporal --version': 'temporal version 1.6.0 (Server 1.30.0)',
      },
      cacheDirectory,
    });
    await expect(obtainTemporal(probes)).resolves.toEqual({
      kind: 'docker',
      image: 'temporalio/temporal:1.5.1',
    });
  });

  it('downloads before it asks Docker, and puts what came into the cache whole', async () => {
    const machine: Machine = { ...rich, env: {}, onPath: ['docker', 'go'], cacheDirectory };
    const probes = fakeProbes({ ...machine, executables: [] });
    probes.run = downloading;
    probes.isExecutable = (path) => Promise.resolve(existsSync(path));
    const path = cachedTemporal(probes);
    await expect(obtainTemporal(probes)).resolves.toEqual({ kind: 'binary', path });
    expect(probes.reported).toEqual([`Temporal: ${path} (downloaded, server 1.29.1)`]);
    expect(readdirSync(dirname(path))).toEqual(['temporal']);
  });

  it('gives a download up when no byte has come after eight seconds', async () => {
    const asked: boolean[] = [];
    const probes = fakeProbes({
      cacheDirectory,
      answers: {
        [process.execPath]: async ({ hopeless, timeoutMs }) => {
          expect(hopeless?.afterMs).toBe(8_000);
          expect(timeoutMs).toBeLessThanOrEqual(5 * 60_000);
          asked.push((await hopeless?.ask()) ?? false);
          return { code: null, timedOut: true };
        },
      },
    });
    await expect(obtainTemporal(probes)).rejects.toThrow('download: the network sends nothing');
    expect(asked).toEqual([true]);
  });

  it('goes on to Go when no Docker engine answers, and asks the network before it builds', async () => {
    const probes = fakeProbes({
      onPath: ['docker', 'go'],
      cacheDirectory,
      answers: {
        'go version': 'go version go1.26.8 linux/amd64',
        'go list': () => ({ timedOut: true, code: null }),
      },
    });
    await expect(obtainTemporal(probes)).rejects.toThrow(
      'Go: github.com/temporalio/cli@v1.5.1 is not to be had: no answer',
    );
    expect(probes.ran.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      expect.stringContaining('temporal-download.mjs'),
      'docker info',
      'go version',
      'go list',
    ]);
  });

  it('builds with Go into the cache', async () => {
    const probes = fakeProbes({ onPath: ['go'], cacheDirectory });
    probes.isExecutable = (path) => Promise.resolve(existsSync(path));
    probes.run = (command, args, { env }) => {
      const line = [command, ...args].join(' ');
      if (line.startsWith('go install')) writeFileSync(join(env?.['GOBIN'] ?? '', 'temporal'), 'built');
      const output = line === 'go version' ? 'go version go1.25.0 linux/arm64' : RIGHT;
      return Promise.resolve({ code: command === process.execPath ? 1 : 0, output, timedOut: false });
    };
    const path = cachedTemporal(probes);
    await expect(obtainTemporal(probes)).resolves.toEqual({ kind: 'binary', path });
    expect(probes.reported).toEqual([
      'building the Temporal CLI v1.5.1 with Go: about 3 minutes, once',
      `Temporal: ${path} (built with Go, server 1.29.1)`,
    ]);
  });

  it('names every way in the error, each with its reason', async () => {
    const probes = fakeProbes({
      onPath: ['docker', 'go'],
      cacheDirectory,
      answers: {
        'go version': 'go version go1.22.0 linux/amd64',
        [process.execPath]: () => ({
          code: 1,
          output:
            'failed to download: error sending request for url (https://a.test/x): error sending request for url (https://a.test/x): dns error',
        }),
      },
    });
    await expect(obtainTemporal(probes)).rejects.toMatchObject({
      code: 'dev-stack',
      message: [
        'no Temporal was found, and none could be obtained. Tried, in this order:',
        '  TEMPORAL_HOSTPORT: not set',
        '  TEMPORAL_CLI_PATH or PATH: TEMPORAL_CLI_PATH is not set, and no temporal is on PATH',
        `  cache: no server 1.29.1 at ${cachedTemporal(probes)} or /home/me/go/bin/temporal`,
        '  download: refused: dns error',
        '  Docker: no Docker engine answers',
        '  Go: Go 1.25 or newer is needed, not go version go1.22.0 linux/amd64',
        'Mend any one of these; the shortest is to install the Temporal CLI (temporal) and put it on PATH, or to start a server and set TEMPORAL_HOSTPORT.',
      ].join('\n'),
    });
  });
});
