import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DependencyUnavailableError } from '@loom/domain';
import { connectRedis } from './connect-redis';
import { createRedisStores } from './create-redis-stores';
import { redisProbe } from './redis-probe';

const AT = '2026-01-01T00:00:00.000Z';
const DEFINITION = {
  id: 'm',
  name: '',
  description: '',
  migratorApp: 'a',
  migratorUrl: 'http://a',
  steps: [],
};

/** A Redis of this test's own, which it may kill. */
class OwnRedis {
  private readonly folder = mkdtempSync(join(tmpdir(), 'loom-redis-'));
  private process: ChildProcess | undefined;

  constructor(readonly port: number) {}

  async start(): Promise<void> {
    const server = process.env['REDIS_SERVER_BIN'] ?? 'redis-server';
    const options = ['--port', String(this.port), '--dir', this.folder, '--appendonly', 'yes'];
    const child = spawn(server, [...options, '--appendfsync', 'everysec', '--save', ''], { stdio: 'pipe' });
    this.process = child;
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`redis ended with ${String(code)}`)));
      child.stdout.on('data', (text) => String(text).includes('Ready to accept connections') && resolve());
    });
    child.removeAllListeners('exit');
  }

  async kill(): Promise<void> {
    if (this.process === undefined) return;
    const gone = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await gone;
    this.process = undefined;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Repeats `call` until it works; the outage is over as soon as one does. */
async function recovered<T>(call: () => Promise<T>): Promise<T> {
  const until = Date.now() + 10_000;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof DependencyUnavailableError) || Date.now() > until) throw error;
    }
  }
}

describe('an outage of redis', () => {
  let own: OwnRedis;
  beforeAll(async () => {
    own = new OwnRedis(await freePort());
    await own.start();
  });
  afterAll(() => own.remove());

  it('loses nothing older than a second, fails calls within 3 s meanwhile, and is over without a restart', async () => {
    const redis = connectRedis({ addr: `127.0.0.1:${own.port}` });
    const stores = createRedisStores({ redis });
    const probe = redisProbe(redis);
    const never = new AbortController().signal;
    await stores.migrations.announce(DEFINITION, AT);
    await stores.candidates.submit('m', [{ id: 'a' }, { id: 'b' }], AT);
    await stores.runs.queue({ migrationId: 'm', candidateId: 'a', inputs: { x: '1' }, at: AT });
    const before = await stores.candidates.list('m', { limit: 10, sort: 'id' });
    const waiting = stores.events.read({ migrationId: 'm' }, before.streamPosition, {
      limit: 1,
      waitMs: 20_000,
      signal: never,
    });
    const lost = expect(waiting).rejects.toBeInstanceOf(DependencyUnavailableError);
    // The log is synced once a second; until it is, a kill may lose what was acknowledged.
    await synced(redis);
    await own.kill();

    const calls = [
      () => stores.candidates.get('m', 'a'),
      () => stores.candidates.submit('m', [{ id: 'c' }], AT),
      () => stores.runs.dequeue('m', 'a', AT),
      () => stores.events.position('all'),
      () => stores.migrations.list({ limit: 1 }),
      () => probe.check(),
    ];
    const began = Date.now();
    const outcomes = await Promise.allSettled([...calls, ...calls, ...calls].map((call) => call()));
    expect(Date.now() - began).toBeLessThan(3000);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { code: 'dependency_unavailable', certain: true },
      });
    }
    await lost;

    await own.start();
    const after = await recovered(() => stores.candidates.list('m', { limit: 10, sort: 'id' }));
    expect(after).toEqual(before);
    await probe.check();
    const batch = stores.events.read({ migrationId: 'm' }, after.streamPosition, {
      limit: 1,
      waitMs: 20_000,
      signal: never,
    });
    await stores.runs.dequeue('m', 'a', AT);
    expect((await batch).entries).toHaveLength(1);
    stores.close();
    redis.disconnect();
  }, 40_000);

  it('is over for a client that was made while redis was away', async () => {
    await own.kill();
    const redis = connectRedis({ addr: `127.0.0.1:${own.port}` });
    const stores = createRedisStores({ redis, prefix: 'late' });
    await expect(stores.migrations.get('m')).rejects.toBeInstanceOf(DependencyUnavailableError);
    await own.start();
    expect(await recovered(() => stores.migrations.get('m'))).toBeUndefined();
    stores.close();
    redis.disconnect();
  }, 40_000);

  it('answers a submit of many slices with an error, and shuts down no process that did not expect more', async () => {
    const script = join(process.cwd(), 'libs/redis-store/src/testing/submit-into-outage.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, `127.0.0.1:${own.port}`]);
    let output = '';
    const submitting = new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (text) => {
        output += String(text);
        if (output.includes('submitting')) resolve();
      });
      child.stderr.on('data', (text) => (output += String(text)));
      child.once('exit', () => reject(new Error(output)));
    });
    const exit = once(child, 'exit');
    await submitting;
    await own.kill();
    const [code] = (await exit) as [number];
    await own.start();
    expect([output, code]).toEqual(['submitting\ndependency_unavailable\n', 0]);
  }, 40_000);

  it('bounds calls to something that accepts connections and never answers', async () => {
    const sockets = new Set<Socket>();
    const hole = createServer((socket) => sockets.add(socket.resume())).listen(0, '127.0.0.1');
    await once(hole, 'listening');
    const { port } = hole.address() as AddressInfo;
    const redis = connectRedis({ addr: `127.0.0.1:${port}` });
    const stores = createRedisStores({ redis });
    const began = Date.now();
    await expect(stores.migrations.get('m')).rejects.toBeInstanceOf(DependencyUnavailableError);
    expect(Date.now() - began).toBeLessThan(3000);
    stores.close();
    redis.disconnect();
    for (const socket of sockets) socket.destroy();
    hole.close();
    await once(hole, 'close');
  });
});

/** Resolves when everything written so far is on disk. */
async function synced(redis: ReturnType<typeof connectRedis>): Promise<void> {
  const until = Date.now() + 10_000;
  // A second has passed since the last write, and no write waits for its sync.
  const enough = Date.now() + 1100;
  for (;;) {
    const info = redis.isCluster ? '' : String(await redis.call('INFO', 'persistence'));
    const isIdle = /aof_pending_bio_fsync:0/.test(info) && /aof_buffer_length:0/.test(info);
    if (isIdle && Date.now() > enough) return;
    if (Date.now() > until) throw new Error('the log was not synced');
  }
}
