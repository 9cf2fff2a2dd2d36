import {
  testRedisAddr,
  testRedisCluster,
  testRedisProgram,
  testTemporalAddr,
  testTemporalProgram,
} from './test-stack';
import { parseWithStackArguments } from './with-stack-arguments';

const env = {
  LOOM_TEST_REDIS_ADDR: '127.0.0.1:1',
  LOOM_TEST_REDIS_CLUSTER: '127.0.0.1:2,127.0.0.1:3',
  LOOM_TEST_TEMPORAL_HOSTPORT: '127.0.0.1:4',
  REDIS_SERVER_BIN: '/bin/redis-server',
  TEMPORAL_CLI: 'docker:temporalio/temporal:1',
};

it('reads what with-stack has put into the environment', () => {
  expect(testRedisAddr(env)).toBe('127.0.0.1:1');
  expect(testRedisCluster(env)).toEqual(['127.0.0.1:2', '127.0.0.1:3']);
  expect(testTemporalAddr(env)).toBe('127.0.0.1:4');
  expect(testRedisProgram(env)).toEqual({ kind: 'binary', path: '/bin/redis-server' });
  expect(testTemporalProgram(env)).toEqual({ kind: 'docker', image: 'temporalio/temporal:1' });
});

it.each([testRedisAddr, testRedisCluster, testTemporalAddr, testRedisProgram, testTemporalProgram])(
  '%p throws, and says how to run the tests, when its variable is missing',
  (read) => {
    expect(() => read({})).toThrow('is not set: run through npm test or npx nx test-int <project>');
  },
);

describe('the arguments of with-stack', () => {
  it('takes all parts by default, and leaves the command its own flags', () => {
    expect(parseWithStackArguments(['--', 'jest', '--redis', '--', 'x'])).toEqual({
      parts: ['redis', 'cluster', 'temporal'],
      command: 'jest',
      args: ['--redis', '--', 'x'],
    });
  });

  it('takes only the chosen parts', () => {
    expect(parseWithStackArguments(['--temporal', '--redis', '--', 'jest']).parts).toEqual([
      'redis',
      'temporal',
    ]);
  });

  it.each([[[]], [['jest']], [['--redis', '--']], [['--kafka', '--', 'jest']], [['redis', '--', 'jest']]])(
    'shows its usage for %j',
    (argv) => {
      expect(() => parseWithStackArguments(argv)).toThrow('usage: with-stack');
    },
  );
});
