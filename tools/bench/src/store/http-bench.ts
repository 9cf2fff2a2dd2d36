import { resolve } from 'node:path';
import type { Redis } from 'ioredis';
import { freePort, startService, type ManagedProcess, type ProcessGroup } from '@loom/dev-stack';
import { candidatesOf } from './candidates';
import { definitionOf } from './fleet';
import { createHttpClient, type HttpClient } from './http-client';
import { rated, timed, type Measurement } from './measure';
import { watchedMemory } from './process-memory';

/** Candidates of one submit, and how many submits a migrator keeps under way. */
const BODY = 5000;
const AT_ONCE = 2;
const TIMES = 100;

export interface HttpBench {
  group: ProcessGroup;
  client: Redis;
  redis: string;
  tell: (line: string) => void;
}

/** The built api on the same Redis: pages of the migrations of `sizes`, and a submit of `count` candidates. */
export async function benchHttp(
  bench: HttpBench,
  sizes: readonly number[],
  count: number,
): Promise<Measurement[]> {
  const { group, redis, tell } = bench;
  const port = await freePort();
  const api = await startApi(group, port, redis);
  const http = createHttpClient(`http://127.0.0.1:${port}`);
  const measured: Measurement[] = [];
  for (const size of sizes) {
    tell(`${size} candidates: pages over HTTP`);
    measured.push(...(await benchPages(http, size)));
  }
  tell(`${count} candidates: submit over HTTP`);
  measured.push(...(await benchSubmits(http, api, count)));
  await http.close();
  await api.stop();
  return measured;
}

function startApi(group: ProcessGroup, port: number, redis: string): Promise<ManagedProcess> {
  return startService(group, {
    name: 'api',
    command: process.execPath,
    args: ['--enable-source-maps', resolve('dist/apps/api/main.js')],
    output: 'quiet',
    // Nothing here is started or cancelled, so there is no Temporal, and the api never gets ready.
    readyUrl: `http://127.0.0.1:${port}/healthz`,
    env: { ...process.env, PORT: String(port), REDIS_ADDR: redis, LOOM_LOG_LEVEL: 'warn' },
  });
}

async function benchPages(http: HttpClient, size: number): Promise<Measurement[]> {
  const page = (index: number) =>
    http.get(
      `/migrations/fleet-${size}/candidates?status=not_started&meta[team]=team-${index % 50}&limit=100`,
    );
  return [{ what: 'HTTP: page of 100, status and team', size, values: await timed(TIMES, page) }];
}

async function benchSubmits(http: HttpClient, api: ManagedProcess, size: number): Promise<Measurement[]> {
  await http.post('/registry/announce', JSON.stringify(definitionOf('over-http')));
  const path = '/migrations/over-http/candidates';
  const bodies: string[] = [];
  for (let from = 0; from < size; from += BODY)
    bodies.push(JSON.stringify({ candidates: candidatesOf(from, Math.min(from + BODY, size), size) }));
  const submitAll = () => inParallel(bodies, (body) => http.post(path, body));
  const memory = watchedMemory(api.pid);
  const added = await rated(size, submitAll);
  const unchanged = await rated(size, submitAll);
  const mib = memory.stop();
  return [
    { what: 'HTTP: submit, new', size, values: added },
    { what: 'HTTP: submit, unchanged', size, values: unchanged },
    { what: 'HTTP: most memory of the api', size, values: { mib } },
  ];
}

async function inParallel(
  bodies: readonly string[],
  send: (body: string) => Promise<unknown>,
): Promise<void> {
  const left = bodies[Symbol.iterator]();
  const lane = async () => {
    for (const body of left) await send(body);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
