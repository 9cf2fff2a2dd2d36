import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromApt } from './apt-link';
import { obtainRedis, obtainRedisProgram } from './obtain-redis';
import { fakeProbes, type FakeProbes, type Machine } from './testing/fake-probes';

const REDIS_7 = 'Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64';
const REDIS_6 = 'Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64';
const VALKEY_8 = 'Valkey server v=8.0.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64';

describe('the chain for Redis', () => {
  it('uses the one that REDIS_ADDR names', async () => {
    const probes = fakeProbes({
      env: { REDIS_ADDR: 'cache:6379' },
      redis: ['cache:6379'],
      onPath: ['redis-server'],
    });
    await expect(obtainRedis(probes)).resolves.toEqual({ kind: 'running', address: 'cache:6379' });
    expect(probes.ran).toEqual([]);
  });

  it('does not fall back in silence when REDIS_ADDR does not answer', async () => {
    const probes = fakeProbes({ env: { REDIS_ADDR: 'cache:6379' }, onPath: ['redis-server'] });
    await expect(obtainRedis(probes)).rejects.toThrow(
      'REDIS_ADDR=cache:6379 does not answer; start it, or unset REDIS_ADDR to let Loom start its own',
    );
  });

  it('takes redis-server before valkey-server', async () => {
    const answers = { '/bin/redis-server': REDIS_7, '/bin/valkey-server': VALKEY_8 };
    const both = fakeProbes({ onPath: ['redis-server', 'valkey-server'], answers });
    await expect(obtainRedis(both)).resolves.toEqual({ kind: 'binary', path: '/bin/redis-server' });
    expect(both.reported).toEqual(['Redis: /bin/redis-server (on PATH, 7.0.15)']);
    const old = fakeProbes({
      onPath: ['redis-server', 'valkey-server'],
      answers: { ...answers, '/bin/redis-server': REDIS_6 },
    });
    await expect(obtainRedisProgram(old)).resolves.toEqual({ kind: 'binary', path: '/bin/valkey-server' });
  });

  it('takes Docker before apt-get, and pulls the image it does not have', async () => {
    const probes = fakeProbes({
      onPath: ['docker', 'apt-get'],
      uid: 0,
      files: { '/etc/os-release': 'ID=debian\n' },
      answers: { 'docker info': '27', 'docker pull': '' },
    });
    await expect(obtainRedis(probes)).resolves.toEqual({ kind: 'docker', image: 'redis:7.4-alpine' });
    expect(probes.ran.at(-1)).toBe('docker pull --quiet redis:7.4-alpine');
  });

  it('names every way in the error', async () => {
    const probes = fakeProbes({
      onPath: ['redis-server'],
      answers: { '/bin/redis-server': REDIS_6 },
      platform: 'darwin',
    });
    await expect(obtainRedis(probes)).rejects.toMatchObject({
      message: [
        'no Redis was found, and none could be obtained. Tried, in this order:',
        '  REDIS_ADDR: not set',
        '  PATH: /bin/redis-server is 6.0.16, 7 or newer is needed, no valkey-server',
        '  Docker: no docker command on PATH',
        '  apt-get: only on Debian and Ubuntu',
        'Mend any one of these; the shortest is to install redis-server (or valkey-server) and put it on PATH, or to start one and set REDIS_ADDR.',
      ].join('\n'),
    });
  });
});

describe('apt-get', () => {
  const debian: Machine = {
    onPath: ['apt-get'],
    uid: 0,
    files: { '/etc/os-release': 'ID=ubuntu\nID_LIKE=debian\n' },
  };
  let directory: string;
  let policy: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'loom-apt-'));
    policy = join(directory, 'policy-rc.d');
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  /** Installing puts the server on PATH, and looks at the policy as a package's scripts would. */
  function installing(seen: string[]): FakeProbes {
    const onPath = ['apt-get'];
    return fakeProbes({
      ...debian,
      onPath,
      answers: {
        'apt-get update': '',
        'apt-get install': () => {
          onPath.push('redis-server');
          seen.push(readFileSync(policy, 'utf8'));
          return {};
        },
        '/bin/redis-server': REDIS_7,
      },
    });
  }

  it('updates, installs while no service may start, and disables the service', async () => {
    const seen: string[] = [];
    const probes = installing(seen);
    await expect(fromApt(probes, policy)).resolves.toMatchObject({
      found: { kind: 'binary', path: '/bin/redis-server' },
    });
    expect(probes.ran.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'apt-get update',
      'apt-get install',
      'systemctl disable',
      '/bin/redis-server --version',
    ]);
    expect(seen).toEqual(['#!/bin/sh\nexit 101\n']);
    expect(existsSync(policy)).toBe(false);
  });

  it('leaves a policy that was there', async () => {
    writeFileSync(policy, 'somebody else wrote this');
    await fromApt(installing([]), policy);
    expect(readFileSync(policy, 'utf8')).toBe('somebody else wrote this');
  });

  it('removes its policy after a failure, and tells the reason', async () => {
    const probes = fakeProbes({
      ...debian,
      answers: {
        'apt-get update': '',
        'apt-get install': () => ({ code: 100, output: 'E: Unable to locate package' }),
      },
    });
    await expect(fromApt(probes, policy)).resolves.toEqual({
      passed: 'apt-get failed: E: Unable to locate package',
    });
    expect(existsSync(policy)).toBe(false);
  });

  it('installs nothing when the update gets no answer', async () => {
    const probes = fakeProbes({
      ...debian,
      answers: { 'apt-get update': () => ({ code: null, timedOut: true }) },
    });
    await expect(fromApt(probes, policy)).resolves.toEqual({
      passed: 'apt-get update got no answer in time',
    });
    expect(probes.ran).toHaveLength(1);
  });

  it('wants root, and Debian', async () => {
    await expect(fromApt(fakeProbes({ ...debian, uid: 1000 }), policy)).resolves.toEqual({
      passed: 'needs root: sudo apt-get install redis-server',
    });
    await expect(
      fromApt(fakeProbes({ ...debian, files: { '/etc/os-release': 'ID=fedora\n' } }), policy),
    ).resolves.toEqual({
      passed: 'only on Debian and Ubuntu',
    });
  });
});
