import { readConfig } from './config';

test('the defaults are those of a local world', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 3001,
    migratorUrl: 'http://127.0.0.1:3001',
    loom: { url: 'http://127.0.0.1:8080', apiKey: undefined, dispatchSecrets: [] },
    forge: { apiUrl: 'http://127.0.0.1:3300', gitBase: 'http://127.0.0.1:3300' },
    redis: { host: 'localhost', port: 6379, prefix: 'migrator:{app-chart-migrator}:' },
    gitopsRepo: 'acme/gitops',
    chartRegistry: 'ghcr.io/acme/charts',
    pollIntervalMs: 60_000,
  });
});

test('with the API of GitHub or Gitea, clones come from beside it', () => {
  const base = (url: string, more: object = {}) => readConfig({ GITHUB_API_URL: url, ...more }).forge.gitBase;
  expect(base('https://api.github.com')).toBe('https://github.com');
  expect(base('https://git.example/api/v1')).toBe('https://git.example');
  expect(base('https://git.example/api/v3/', { GITHUB_GIT_URL: 'https://clone.example/' })).toBe(
    'https://clone.example',
  );
});

test('keys may begin otherwise, always with a hash tag', () => {
  expect(readConfig({ MIGRATOR_REDIS_PREFIX: 'second:{migrator}:' }).redis.prefix).toBe('second:{migrator}:');
  for (const bad of ['migrator:', '{a}{b}:', '{*}:'])
    expect(() => readConfig({ MIGRATOR_REDIS_PREFIX: bad })).toThrow('MIGRATOR_REDIS_PREFIX');
});

test('a bad value names its variable and stays unsaid', () => {
  const read = () =>
    readConfig({ GITOPS_REPO: 'canary', STEP_CONCURRENCY: '0', GITHUB_WEBHOOK_SECRET: 'short' });
  expect(read).toThrow(/GITOPS_REPO[^]*STEP_CONCURRENCY|STEP_CONCURRENCY[^]*GITOPS_REPO/);
  expect(read).not.toThrow('canary');
});
