import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError, loadConfig } from '@loom/platform';
import { DevStackError } from '@loom/dev-stack';
import { serviceEnvironment, type LentServers } from './service-environment';

type Environment = Readonly<Record<string, string | undefined>>;
type Ask = (env: Environment) => unknown;

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PROGRAMS = ['api', 'orchestrator-worker', 'sample-migrator'];

/**
 * Asks each program's own configuration whether it can begin with what is passed on of `env`, long before it begins.
 * @throws DevStackError one line that names every variable it cannot
 */
export async function requireUsableEnvironment(env: Environment, lent: LentServers): Promise<void> {
  const passed = {
    ...serviceEnvironment(env),
    ...(lent.redis ? { REDIS_ADDR: env['REDIS_ADDR'] } : {}),
    ...(lent.temporal ? { TEMPORAL_HOSTPORT: env['TEMPORAL_HOSTPORT'] } : {}),
  };
  const asks = await Promise.all([...PROGRAMS.map(configuration), telemetry()]);
  const problems = await Promise.all(asks.map((ask) => problemsOf(ask, passed)));
  const all = [...new Set(problems.flat())];
  if (all.length > 0) throw new DevStackError(all.join('; '));
}

/** Computed paths, here and below: nothing else may import an app, and this only asks what it would say. */
async function configuration(app: string): Promise<Ask> {
  type Schema = Parameters<typeof loadConfig>[0];
  const path = join(ROOT, 'apps', app, 'src/config.ts');
  const { environment } = (await import(path)) as { environment: Schema };
  return (env) => loadConfig(environment, env);
}

async function telemetry(): Promise<Ask> {
  type Start = (service: string, env: Environment) => Promise<unknown>;
  const path = join(ROOT, 'libs/platform/src/telemetry/telemetry.ts');
  const { startTelemetry } = (await import(path)) as { startTelemetry: Start };
  // Off, it only reads what it is told.
  return (env) => startTelemetry('', { ...env, OTEL_ENABLED: 'false' });
}

async function problemsOf(ask: Ask, env: Environment): Promise<readonly string[]> {
  try {
    await ask(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
