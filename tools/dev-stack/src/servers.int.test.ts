import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { Cluster, Redis } from 'ioredis';
import { isAlive } from './alive';
import { freePort } from './free-port';
import { createProcessGroup, type ProcessGroup, type UnexpectedExit } from './process-group';
import { createProbes } from './probes';
import { provideRedis, provideTemporal } from './provide';
import { redisOnDisk } from './redis-client';
import { startRedisCluster } from './redis-cluster';
import { startRedis } from './redis-server';
import { startTemporal } from './temporal-server';
import { testRedisProgram, testTemporalProgram } from './test-stack';
import { waitUntil } from './wait';

let group: ProcessGroup;
let directory: string;
let unexpected: UnexpectedExit[];
beforeEach(() => {
  unexpected = [];
  group = createProcessGroup({ onUnexpectedExit: (exit) => unexpected.push(exit) });
  directory = group.temporaryDirectory('loom-servers-');
});
afterEach(() => group.stopAll());

async function withRedisAt<T>(port: number, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(port, '127.0.0.1');
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

describe('Redis', () => {
  it('keeps a key over kill -9 and a restart at the same address', async () => {
    const server = await startRedis({ group, program: testRedisProgram(), directory });
    const { pid, port, address } = server;
    await withRedisAt(port, (redis) => redis.set('kept', 'yes'));
    await redisOnDisk(port);
    await server.kill();
    expect(isAlive(pid)).toBe(false);
    await server.restart();
    expect(server.pid).not.toBe(pid);
    expect(server.address).toBe(address);
    expect(await withRedisAt(port, (redis) => redis.get('kept'))).toBe('yes');
    expect(unexpected).toEqual([]);
  });

  it('reports a kill that nobody asked this library for, and can be started again', async () => {
    const server = await startRedis({ group, program: testRedisProgram(), directory });
    const { pid } = server;
    process.kill(pid, 'SIGKILL');
    await waitUntil('the kill is reported', () => Promise.resolve(unexpected.length > 0), {
      timeoutMs: 10_000,
    });
    await server.restart();
    expect(unexpected).toMatchObject([{ name: 'redis', code: null, signal: 'SIGKILL' }]);
    expect(await withRedisAt(server.port, (redis) => redis.ping())).toBe('PONG');
  });

  it('has the settings that Loom counts on', async () => {
    const { port } = await startRedis({ group, program: testRedisProgram(), directory });
    const settings = await withRedisAt(port, (redis) =>
      Promise.all(
        ['appendonly', 'appendfsync', 'save', 'bind', 'lazyfree-lazy-user-del'].map((key) =>
          redis.config('GET', key),
        ),
      ),
    );
    expect(Object.fromEntries(settings as [string, string][])).toEqual({
      appendonly: 'yes',
      appendfsync: 'everysec',
      save: '',
      bind: '127.0.0.1',
      'lazyfree-lazy-user-del': 'yes',
    });
  });

  it('refuses a given port that is taken, and leaves its holder alone', async () => {
    const program = testRedisProgram();
    const first = await startRedis({ group, program, directory: join(directory, 'first') });
    const second = startRedis({ group, program, directory: join(directory, 'second'), port: first.port });
    await expect(second).rejects.toThrow(`port ${first.port} is taken: set another port for Redis`);
    expect(isAlive(first.pid)).toBe(true);
  });

  it('tells the end of what a server said that does not start', async () => {
    const started = startRedis({ group, program: { kind: 'binary', path: '/bin/sh' }, directory });
    await expect(started).rejects.toThrow(/^redis did not start: it ended with code \d+/);
    expect(group.pids()).toEqual([]);
  });
});

describe('what a developer’s stack is provided with', () => {
  const report = () => undefined;

  it('is a server of its own, on a port of its choice, when nothing else is named', async () => {
    const port = await freePort();
    const probes = createProbes(group, report, { PATH: process.env['PATH'] });
    const provided = await provideRedis(probes, { group, directory, port });
    expect(provided).toMatchObject({ address: `127.0.0.1:${port}`, server: { pid: group.pids()[0] } });
  });

  it('is the one that REDIS_ADDR or TEMPORAL_HOSTPORT names, and none is started beside it', async () => {
    const program = testTemporalProgram();
    const temporal = await startTemporal({ group, program, directory: join(directory, 'temporal') });
    const redis = await startRedis({
      group,
      program: testRedisProgram(),
      directory: join(directory, 'redis'),
    });
    const probes = createProbes(group, report, {
      REDIS_ADDR: redis.address,
      TEMPORAL_HOSTPORT: temporal.address,
    });
    const before = group.pids();
    await expect(provideRedis(probes, { group, directory })).resolves.toEqual({
      address: redis.address,
      server: undefined,
    });
    await expect(provideTemporal(probes, { group, directory })).resolves.toEqual({
      address: temporal.address,
      server: undefined,
    });
    expect(group.pids()).toEqual(before);
  });
});

describe('a Redis cluster', () => {
  it('spreads keys over three masters, and heals after one was killed and restarted', async () => {
    const cluster = await startRedisCluster({ group, program: testRedisProgram(), directory });
    const client = new Cluster([...cluster.addresses], {
      clusterRetryStrategy: (times) => (times > 100 ? null : 100),
    });
    try {
      const keys = Array.from({ length: 100 }, (_, index) => `key-${index}`);
      await Promise.all(keys.map((key) => client.set(key, key)));
      const sizes = await Promise.all(
        cluster.nodes.map(({ port }) => withRedisAt(port, (redis) => redis.dbsize())),
      );
      expect(sizes.every((size) => size > 10)).toBe(true);
      expect(sizes.reduce((sum, size) => sum + size)).toBe(keys.length);
      const [node] = cluster.nodes;
      await redisOnDisk(node?.port ?? 0);
      await node?.kill();
      await node?.restart();
      await expect(Promise.all(keys.map((key) => client.get(key)))).resolves.toEqual(keys);
    } finally {
      client.disconnect();
    }
    await cluster.stop();
    expect(group.pids()).toEqual([]);
  });
});

describe('Temporal', () => {
  async function withTemporalAt<T>(address: string, work: (client: Client) => Promise<T>): Promise<T> {
    const connection = await Connection.connect({ address });
    try {
      return await work(new Client({ connection }));
    } finally {
      await connection.close();
    }
  }

  it('keeps a workflow over kill -9 and a restart at the same address', async () => {
    const server = await startTemporal({ group, program: testTemporalProgram(), directory });
    const { pid, address } = server;
    const started = await withTemporalAt(address, ({ workflow }) =>
      workflow.start('nobody-runs-this', { workflowId: 'kept', taskQueue: 'none' }),
    );
    await server.kill();
    expect(isAlive(pid)).toBe(false);
    await server.restart();
    expect(server.address).toBe(address);
    const described = await withTemporalAt(address, ({ workflow }) => workflow.getHandle('kept').describe());
    expect(described.status.name).toBe('RUNNING');
    expect(described.runId).toBe(started.firstExecutionRunId);
  });

  it('keeps closed runs for a week', async () => {
    const { address } = await startTemporal({ group, program: testTemporalProgram(), directory });
    const { config } = await withTemporalAt(address, ({ workflowService }) =>
      workflowService.describeNamespace({ namespace: 'default' }),
    );
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(7 * 24 * 60 * 60);
  });

  it('runs beside another one, with and without the web UI', async () => {
    const program = testTemporalProgram();
    const uiPort = await freePort();
    const [first, second] = await Promise.all([
      startTemporal({ group, program, directory: join(directory, 'first'), uiPort }),
      startTemporal({ group, program, directory: join(directory, 'second'), tuned: false }),
    ]);
    expect(first.port).not.toBe(second.port);
    expect((await fetch(`http://127.0.0.1:${uiPort}/`)).status).toBe(200);
    await Promise.all(
      [first, second].map(({ address }) =>
        withTemporalAt(address, ({ workflow }) =>
          workflow.start('x', { workflowId: 'same-id', taskQueue: 'none' }),
        ),
      ),
    );
    await first.stop();
    expect([first.pid, second.pid].map(isAlive)).toEqual([false, true]);
  });
});

it('stops everything, and removes its directory', async () => {
  const program = testRedisProgram();
  const servers = await Promise.all(
    ['a', 'b'].map((name) => startRedis({ group, program, directory: join(directory, name) })),
  );
  await group.stopAll();
  expect(servers.map(({ pid }) => isAlive(pid))).toEqual([false, false]);
  expect(existsSync(directory)).toBe(false);
});
