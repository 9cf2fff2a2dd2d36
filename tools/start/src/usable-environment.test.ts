import { lentServers } from './service-environment';
import { requireUsableEnvironment } from './usable-environment';

const asked = (env: Record<string, string>) => requireUsableEnvironment(env, lentServers(env));

describe('the environment of a local Loom', () => {
  it.each([
    ['LOOM_LOG_LEVEL', 'loud', 'LOOM_LOG_LEVEL: must be one of debug, info, warn, error'],
    ['LOOM_RECONCILE_INTERVAL', 'often', /^LOOM_RECONCILE_INTERVAL: must be a duration/],
    ['OTEL_ENABLED', 'maybe', 'OTEL_ENABLED: must be true or false'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'there', /^OTEL_EXPORTER_OTLP_ENDPOINT: must be an http or https URL$/],
    ['REDIS_ADDR', 'here', 'REDIS_ADDR: must have the form host:port'],
    ['TEMPORAL_HOSTPORT', 'here', 'TEMPORAL_HOSTPORT: must have the form host:port'],
  ])('is refused for %s=%s, told once for all programs', async (name, value, message) => {
    const told = asked({ [name]: value }).catch((error: unknown) => (error as Error).message);
    expect(await told).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  it('is refused in one line for two variables', async () => {
    const told = asked({ LOOM_LOG_LEVEL: 'loud', LOOM_SHUTDOWN_GRACE: 'x' });
    await expect(told).rejects.toThrow(/^LOOM_LOG_LEVEL: [^\n;]+; LOOM_SHUTDOWN_GRACE: [^\n;]+$/);
  });

  it('is not asked about what no program gets', async () => {
    await asked({ PORT: 'x', LOOM_CALLBACK_KEYS: 'short', GITHUB_API_URL: 'nonsense', PATH: '/bin' });
  });
});
