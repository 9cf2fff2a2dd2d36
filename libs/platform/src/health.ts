import { Router } from 'express';
import type { HealthProbe } from '@loom/ports';
import { redactText } from './redact';

export interface DependencyStatus {
  name: string;
  status: 'up' | 'down';
  /** Why it is down. */
  detail?: string;
}

export interface ReadinessReport {
  status: 'ready' | 'unavailable';
  dependencies: DependencyStatus[];
}

export interface ReadinessOptions {
  /** Bound of each probe. */
  timeoutMs?: number;
  /** How long one report answers all who ask, so that a flood of questions is no load on the dependencies. */
  cacheMs?: number;
  /** Once aborted the app is unavailable, whatever its dependencies say. */
  stopping?: AbortSignal;
}

const PROBE_TIMEOUT_MS = 2000;
const CACHE_MS = 500;
const MAX_DETAIL = 200;

/** Asks all `probes` at once, each bounded; concurrent and soon repeated questions share one answer. */
export function createReadiness(
  probes: readonly HealthProbe[],
  { timeoutMs = PROBE_TIMEOUT_MS, cacheMs = CACHE_MS, stopping }: ReadinessOptions = {},
): () => Promise<ReadinessReport> {
  let cached: { report: Promise<DependencyStatus[]>; until: number } | undefined;
  return async () => {
    if (cached === undefined || performance.now() >= cached.until) {
      const report = Promise.all(probes.map((probe) => ask(probe, timeoutMs)));
      const entry = { report, until: Infinity };
      cached = entry;
      void report.then(() => (entry.until = performance.now() + cacheMs));
    }
    const dependencies = await cached.report;
    const ready = stopping?.aborted !== true && dependencies.every(({ status }) => status === 'up');
    return { status: ready ? 'ready' : 'unavailable', dependencies };
  };
}

async function ask(probe: HealthProbe, timeoutMs: number): Promise<DependencyStatus> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([probe.check(), late]);
    return { name: probe.name, status: 'up' };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { name: probe.name, status: 'down', detail: redactText(reason).slice(0, MAX_DETAIL) };
  } finally {
    clearTimeout(timer);
  }
}

/** `GET /healthz`: the process lives. `GET /readyz`: it can do its work, else 503 with Retry-After. */
export function healthRoutes(probes: readonly HealthProbe[], options: ReadinessOptions = {}): Router {
  const readiness = createReadiness(probes, options);
  return Router()
    .get('/healthz', (_request, response) => {
      response.set('cache-control', 'no-store').json({ status: 'ok' });
    })
    .get('/readyz', async (_request, response) => {
      const report = await readiness();
      response.set('cache-control', 'no-store');
      if (report.status === 'unavailable') response.status(503).set('retry-after', '5');
      response.json(report);
    });
}
