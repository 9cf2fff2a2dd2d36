import { loadConfig } from './config';

const least = { FORGE_DIR: '/data' };

it('has defaults for all but the directory', () => {
  expect(loadConfig(least)).toMatchObject({
    port: 3300,
    host: '127.0.0.1',
    dir: '/data',
    token: undefined,
    loopback: true,
    webhookTimeoutMs: 10_000,
    dropWebhooks: false,
  });
  expect(
    loadConfig({ ...least, FORGE_DROP_WEBHOOKS: 'true', FORGE_PUBLIC_URL: 'https://forge.example/' }),
  ).toMatchObject({
    dropWebhooks: true,
    publicUrl: 'https://forge.example',
  });
});

it.each([
  [{ FORGE_PORT: '70000' }, 'FORGE_PORT: expected a port number between 0 and 65535'],
  [{ FORGE_PORT: 'http' }, 'FORGE_PORT: expected a port number between 0 and 65535'],
  [{ FORGE_DIR: '' }, 'FORGE_DIR: expected the directory that holds all data'],
  [{ FORGE_TOKEN: 'short' }, 'FORGE_TOKEN: expected a token of at least 8 characters'],
  [
    { FORGE_WEBHOOK_TIMEOUT_MS: '5' },
    'FORGE_WEBHOOK_TIMEOUT_MS: expected milliseconds between 100 and 60000',
  ],
  [{ FORGE_DROP_WEBHOOKS: 'perhaps' }, 'FORGE_DROP_WEBHOOKS: expected true or false'],
  [{ FORGE_PUBLIC_URL: 'ftp://x' }, 'FORGE_PUBLIC_URL: expected an http or https address'],
  [{ FORGE_HOST: '0.0.0.0' }, 'FORGE_TOKEN: expected a token, because FORGE_HOST is not a loopback address'],
])('refuses %j in one line that names the variable', (bad, message) => {
  expect(() => loadConfig({ ...least, ...bad })).toThrow(message);
});
