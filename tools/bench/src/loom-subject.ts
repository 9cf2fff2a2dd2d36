import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { Pool } from 'undici';
import { freePorts, startService, type ProcessGroup } from '@loom/dev-stack';
import { untilClosed } from './closed';
import { STEPS, type Subject } from './subject';

export interface LoomOptions {
  group: ProcessGroup;
  temporal: string;
  redis: string;
  client: Client;
  migratorUrl: string;
  /** Runs that will be asked for at most. */
  runs: number;
  /** Where the processes write their V8 profiles at their end. */
  profile?: string | undefined;
}

/** Candidates of one submit; the contract allows 10,000. */
const SLICE = 5000;
const CONNECTIONS = 64;
const UNAVAILABLE = 503;
const AGAIN_MS = 200;

/** The built api and worker, asked over HTTP by their own contract. */
export async function startLoom(
  options: LoomOptions,
): Promise<Subject & { apiUrl: string; migrationId: string }> {
  const { group, temporal, redis, client, migratorUrl, runs, profile } = options;
  const [apiPort = 0, workerPort = 0] = await freePorts(2);
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  const env = {
    ...process.env,
    REDIS_ADDR: redis,
    TEMPORAL_HOSTPORT: temporal,
    LOOM_PUBLIC_URL: apiUrl,
    LOOM_TASK_QUEUE: 'bench',
    LOOM_CALLBACK_KEYS: 'bench:only-for-this-measurement',
    LOOM_LOG_LEVEL: 'warn',
  };
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(profile)}`];
  const service = (name: string, app: string, port: number) =>
    startService(group, {
      name,
      command: process.execPath,
      args: [...profiling, '--enable-source-maps', resolve('dist/apps', app, 'main.js')],
      output: 'quiet',
      readyUrl: `http://127.0.0.1:${port}/readyz`,
      env: { ...env, PORT: String(port) },
    });
  const api = await service('api', 'api', apiPort);
  const worker = await service('worker', 'orchestrator-worker', workerPort);
  const pool = new Pool(apiUrl, { connections: CONNECTIONS });
  const migrationId = `bench-${randomUUID().slice(0, 8)}`;
  await announce(pool, migrationId, migratorUrl, runs);
  let next = 0;
  return {
    name: 'loom',
    apiUrl,
    migrationId,
    pids: { api: api.pid, worker: worker.pid },
    async start() {
      const cid = `c-${next}`;
      next += 1;
      await post(pool, `/migrations/${migrationId}/candidates/${cid}/start`, {});
      return `${migrationId}__${cid}`;
    },
    async report({ runId, stepIndex, callback }) {
      const candidateId = runId.slice(migrationId.length + 2);
      const event = {
        stepName: `step-${stepIndex}`,
        candidateId,
        status: 'completed',
        eventId: `${stepIndex}`,
      };
      await post(pool, `/event/${encodeURIComponent(callback)}`, event);
    },
    closed: (runIds) => untilClosed(client, runIds),
    async stop() {
      await pool.close();
      await Promise.all([worker.stop(), api.stop()]);
    },
  };
}

async function announce(pool: Pool, id: string, migratorUrl: string, runs: number): Promise<void> {
  const steps = Array.from({ length: STEPS }, (_, i) => ({ name: `step-${i}`, migratorApp: id }));
  const definition = { id, name: id, description: '', migratorApp: id, migratorUrl, steps };
  await post(pool, '/registry/announce', definition);
  for (let from = 0; from < runs; from += SLICE) {
    const length = Math.min(SLICE, runs - from);
    const candidates = Array.from({ length }, (_, i) => ({ id: `c-${from + i}` }));
    await post(pool, `/migrations/${id}/candidates`, { candidates });
  }
}

/** Again after a 503, as the contract asks. */
async function post(pool: Pool, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await pool.request({ method: 'POST', path, headers, body: JSON.stringify(body) });
  const text = await answer.body.text();
  if (answer.statusCode === UNAVAILABLE) {
    await pause(AGAIN_MS);
    await post(pool, path, body);
    return;
  }
  if (answer.statusCode >= 300) throw new Error(`POST ${path} answered ${answer.statusCode}: ${text}`);
}
