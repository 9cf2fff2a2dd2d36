import { z } from 'zod';
import { commonEnvironment } from './common-environment';
import { loadConfig, wantsDebug } from './config';
import * as values from './config-values';
import { ConfigError } from './start-error';

const problemsOf = (schema: z.ZodType, env: Record<string, string>): readonly string[] => {
  try {
    loadConfig(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('loadConfig', () => {
  const schema = z.object({
    ...commonEnvironment,
    LOOM_PUBLIC_URL: values.httpUrl,
    LOOM_TIMEOUT: values.durationMs,
    LOOM_NAME: z.string(),
  });

  it('gives the documented defaults', () => {
    expect(loadConfig(z.object(commonEnvironment), {})).toEqual({
      TEMPORAL_HOSTPORT: 'localhost:7233',
      TEMPORAL_NAMESPACE: 'default',
      REDIS_ADDR: 'localhost:6379',
      LOOM_REDIS_CLUSTER: false,
      LOOM_REDIS_TLS: false,
      PORT: 8080,
      OTEL_ENABLED: false,
      LOOM_HOST: '127.0.0.1',
      LOOM_LOG_LEVEL: 'info',
      LOOM_LOG_FORMAT: 'json',
    });
  });

  it('takes a variable that is set to nothing for one that is not set', () => {
    expect(loadConfig(z.object(commonEnvironment), { PORT: '', REDIS_PASSWORD: '' })).toMatchObject({
      PORT: 8080,
    });
  });

  it('tells every problem at once, by name and without a value', () => {
    const env = {
      PORT: 'canary1',
      REDIS_ADDR: 'canary2',
      OTEL_ENABLED: 'canary3',
      LOOM_LOG_LEVEL: 'canary4',
      LOOM_CALLBACK_KEYS: 'k:canary5',
      LOOM_PUBLIC_URL: 'http://u:canary6@h',
      LOOM_TIMEOUT: 'canary7',
    };
    const problems = problemsOf(schema, env);
    expect(problems).toEqual([
      'REDIS_ADDR: must have the form host:port',
      'PORT: must be a port number from 0 to 65535',
      'OTEL_ENABLED: must be true or false',
      'LOOM_CALLBACK_KEYS: the secret of key 1 is shorter than 16 characters',
      'LOOM_LOG_LEVEL: must be one of debug, info, warn, error',
      'LOOM_PUBLIC_URL: must not carry credentials',
      'LOOM_TIMEOUT: must be a duration such as 500ms, 30s, 15m or 24h',
      'LOOM_NAME: is required',
    ]);
    expect(new ConfigError(problems).message).not.toContain('canary');
  });

  it('reads the wish for debug output without a schema', () => {
    expect([wantsDebug({ LOOM_LOG_LEVEL: 'debug' }), wantsDebug({ PORT: 'nonsense' })]).toEqual([
      true,
      false,
    ]);
  });
});

describe('config values', () => {
  const parse = (schema: z.ZodType, text: string): unknown => {
    const result = schema.safeParse(text);
    return result.success ? result.data : 'refused';
  };

  it.each([
    ['0', 0],
    ['65535', 65_535],
    ['65536', 'refused'],
    ['-1', 'refused'],
    ['80a', 'refused'],
    ['1e3', 'refused'],
  ])('port %s', (text, wanted) => expect(parse(values.port, text)).toBe(wanted));

  it.each([
    ['localhost:6379', { host: 'localhost', port: 6379 }],
    ['[::1]:6379', { host: '::1', port: 6379 }],
    ['10.0.0.1:1', { host: '10.0.0.1', port: 1 }],
  ])('splits %s', (text, wanted) => expect(values.splitHostPort(text)).toEqual(wanted));

  it.each(['localhost', ':1', 'a:b', 'a:0', 'a:70000', '::1:6379', 'http://a:1', 'a:1/x', 'u@a:1'])(
    'refuses %s as host:port',
    (text) => expect(parse(values.hostPort, text)).toBe('refused'),
  );

  it.each([
    ['http://loom.example/', 'http://loom.example'],
    ['https://loom.example/base/', 'https://loom.example/base'],
    ['ftp://x', 'refused'],
    ['loom.example', 'refused'],
    ['http://x/?a=1', 'refused'],
    ['http://x/#a', 'refused'],
  ])('url %s', (text, wanted) => expect(parse(values.httpUrl, text)).toBe(wanted));

  it.each([
    ['1500', 1500],
    ['500ms', 500],
    ['30s', 30_000],
    ['15m', 900_000],
    ['24h', 86_400_000],
    ['1.5s', 'refused'],
    ['1d', 'refused'],
    ['-1', 'refused'],
  ])('duration %s', (text, wanted) => expect(parse(values.durationMs, text)).toBe(wanted));

  it.each([
    ['TRUE', true],
    ['on', true],
    ['0', false],
    ['no', false],
    ['maybe', 'refused'],
  ])('bool %s', (text, wanted) => expect(parse(values.stringBool, text)).toBe(wanted));
});
