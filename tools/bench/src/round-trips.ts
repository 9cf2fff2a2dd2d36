import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Redis } from 'ioredis';
import { Pool } from 'undici';
import { freePort, startService, type ProcessGroup } from '@loom/dev-stack';
import { spread } from './figures';
import { cpuSeconds } from './process-facts';

/** One request and its answer, one after another (`p50`, ms) and several at once (`perSecond`). */
export interface RoundTrip {
  p50: number;
  perSecond: number;
  /** Of the process that answers, µs. */
  cpuUs: number;
}

const WARM = 2000;
const ONE_BY_ONE = 2000;
const TOGETHER = 10_000;
const AT_ONCE = 16;

/** A candidate as the api answers it, the same bytes by Express alone, and the shortest way to Redis and back. */
export async function measureRoundTrips(deps: {
  group: ProcessGroup;
  api: { url: string; path: string; pid: number };
  redis: { host: string; port: number; pid: number };
}): Promise<Record<'api' | 'express' | 'redis', RoundTrip>> {
  const { group, api, redis } = deps;
  const pool = new Pool(api.url, { connections: AT_ONCE });
  const body = await get(pool, api.path);
  const bare = await startExpress(group, body);
  const barePool = new Pool(bare.url, { connections: AT_ONCE });
  const db = new Redis({ host: redis.host, port: redis.port });
  try {
    return {
      api: await measure(api.pid, () => get(pool, api.path)),
      express: await measure(bare.pid, () => get(barePool, '/')),
      redis: await measure(redis.pid, () => db.ping()),
    };
  } finally {
    db.disconnect();
    await Promise.all([pool.close(), barePool.close()]);
    await bare.stop();
  }
}

async function measure(pid: number, act: () => Promise<unknown>): Promise<RoundTrip> {
  await times(WARM, AT_ONCE, act);
  const spent: number[] = [];
  await times(ONE_BY_ONE, 1, async () => {
    const began = performance.now();
    await act();
    spent.push(performance.now() - began);
  });
  const cpu = cpuSeconds(pid);
  const began = performance.now();
  await times(TOGETHER, AT_ONCE, act);
  const seconds = (performance.now() - began) / 1000;
  const cpuUs = ((cpuSeconds(pid) - cpu) * 1e6) / TOGETHER;
  return { p50: spread(spent).p50, perSecond: TOGETHER / seconds, cpuUs };
}

async function times(count: number, atOnce: number, act: () => Promise<unknown>): Promise<void> {
  let left = count;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await act();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

async function get(pool: Pool, path: string): Promise<string> {
  const answer = await pool.request({ method: 'GET', path });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`GET ${path} answered ${answer.statusCode}: ${text}`);
  return text;
}

async function startExpress(group: ProcessGroup, body: string) {
  const port = await freePort();
  const file = join(group.temporaryDirectory('loom-bare-'), 'body.json');
  writeFileSync(file, body);
  const url = `http://127.0.0.1:${port}`;
  const running = await startService(group, {
    name: 'bare express',
    command: process.execPath,
    args: ['--import', 'tsx', resolve('tools/bench/src/bare/express.ts'), String(port), file],
    output: 'quiet',
    readyUrl: `${url}/healthz`,
    env: { ...process.env, NODE_ENV: 'production' },
  });
  return { url, pid: running.pid, stop: () => running.stop() };
}
