import { z } from 'zod';
import { commonEnvironment } from './common-environment';
import { loadConfig } from './config';
import { redisOptions } from './redis-options';

const read = (env: Record<string, string>) => redisOptions(loadConfig(z.object(commonEnvironment), env));

it('is one Redis without credentials unless the environment says otherwise', () => {
  expect(read({})).toEqual({
    addr: 'localhost:6379',
    cluster: false,
    tls: false,
    username: undefined,
    password: undefined,
  });
});

it('takes the nodes of a cluster, user, password and TLS', () => {
  const env = {
    REDIS_ADDR: 'a:7000, b:7001,[::1]:7002',
    LOOM_REDIS_CLUSTER: 'true',
    LOOM_REDIS_TLS: 'yes',
    REDIS_USERNAME: 'loom',
    REDIS_PASSWORD: 'secret',
  };
  expect(read(env)).toEqual({
    addr: 'a:7000,b:7001,[::1]:7002',
    cluster: true,
    tls: true,
    username: 'loom',
    password: 'secret',
  });
});

it('refuses several addresses of what is no cluster, and addresses that are none', () => {
  expect(() => read({ REDIS_ADDR: 'a:7000,b:7001' })).toThrow(
    'REDIS_ADDR: must be one address unless LOOM_REDIS_CLUSTER is true',
  );
  expect(() => read({ REDIS_ADDR: 'a:7000,b' })).toThrow('REDIS_ADDR: must have the form host:port');
});
