import { lentServers, lentServerSettings, serviceEnvironment, whyNotFresh } from './service-environment';

describe('what the programs of a local Loom get of the environment', () => {
  it('is nothing of a forge, of keys or of servers that are set for other work', () => {
    const foreign = {
      GITHUB_API_URL: 'https://forge.example/api',
      GITHUB_TOKEN: 'secret',
      GITHUB_GIT_URL: 'https://forge.example',
      GITOPS_REPO: 'other/gitops',
      CHART_REGISTRY: 'registry.example/charts',
      LOOM_API_KEY: 'key',
      LOOM_CALLBACK_KEYS: 'a:key',
      MIGRATOR_URL: 'https://migrator.example',
      REDIS_PASSWORD: 'secret',
      TEMPORAL_NAMESPACE: 'other',
      FORGE_TOKEN: 'secret',
      ENVS: 'live',
    };
    const passed = serviceEnvironment({ ...foreign, PATH: '/bin' });
    expect(Object.keys(passed).filter((name) => name in foreign)).toEqual([]);
  });

  it('is what any program needs, and what tunes Loom', () => {
    const wanted = {
      PATH: '/bin',
      HOME: '/home/ada',
      TMPDIR: '/tmp',
      LANG: 'C',
      NODE_OPTIONS: '--max-old-space-size=4096',
      LOOM_LOG_LEVEL: 'debug',
      LOOM_DISPATCH_BUDGET: '1m',
      OTEL_ENABLED: 'true',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
    };
    expect(serviceEnvironment(wanted)).toMatchObject(wanted);
  });

  it('keeps proxies away from this machine’s own addresses', () => {
    const passed = serviceEnvironment({ HTTP_PROXY: 'http://proxy:3128', no_proxy: 'intern.example' });
    expect(passed).toMatchObject({
      HTTP_PROXY: 'http://proxy:3128',
      NO_PROXY: 'intern.example,127.0.0.1,localhost,::1',
      no_proxy: 'intern.example,127.0.0.1,localhost,::1',
    });
  });
});

describe('a password and a namespace', () => {
  const env = { REDIS_PASSWORD: 'secret', TEMPORAL_NAMESPACE: 'moves' };

  it('go to programs that use the lent servers', () => {
    expect(
      lentServerSettings(env, lentServers({ ...env, REDIS_ADDR: 'r:1', TEMPORAL_HOSTPORT: 't:2' })),
    ).toEqual(env);
  });

  it('are not for servers of our own', () => {
    expect(lentServerSettings(env, lentServers({ ...env, REDIS_ADDR: '' }))).toEqual({});
    expect(lentServerSettings(env, lentServers({ ...env, REDIS_ADDR: 'r:1' }))).toEqual({
      REDIS_PASSWORD: 'secret',
    });
  });
});

describe('beginning anew', () => {
  it.each(['REDIS_ADDR', 'TEMPORAL_HOSTPORT'])('is refused in one line where %s is set', (name) => {
    expect(whyNotFresh({ [name]: 'somewhere:1' })).toMatch(
      new RegExp(`^${name} is set: its data is not ours to clear; [^\\n]+$`),
    );
  });

  it('is possible with servers of our own', () => {
    expect(whyNotFresh({ REDIS_ADDR: '' })).toBeUndefined();
  });
});
