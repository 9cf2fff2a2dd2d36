// What integration tests read their servers from. A missing one is an error, never a skipped test.
import { type Program, parseProgram } from './program';
import { STACK_VARIABLES, type StackVariable } from './stack-variables';

type Environment = Readonly<Record<string, string | undefined>>;

function required(variable: StackVariable, env: Environment): string {
  const value = env[variable];
  if (value !== undefined && value !== '') return value;
  throw new Error(`${variable} is not set: run through npm test or npx nx test-int <project>`);
}

/** host:port of a Redis this test run owns. */
export function testRedisAddr(env: Environment = process.env): string {
  return required(STACK_VARIABLES.redis, env);
}

/** host:port of each node of a Redis cluster this test run owns. */
export function testRedisCluster(env: Environment = process.env): string[] {
  return required(STACK_VARIABLES.cluster, env).split(',');
}

/** host:port of a Temporal frontend this test run owns. */
export function testTemporalAddr(env: Environment = process.env): string {
  return required(STACK_VARIABLES.temporal, env);
}

/** For tests that start, kill and restart a Redis of their own with `startRedis`. */
export function testRedisProgram(env: Environment = process.env): Program {
  return parseProgram(required(STACK_VARIABLES.redisProgram, env));
}

/** For tests that start, kill and restart a Temporal of their own with `startTemporal`. */
export function testTemporalProgram(env: Environment = process.env): Program {
  return parseProgram(required(STACK_VARIABLES.temporalProgram, env));
}
