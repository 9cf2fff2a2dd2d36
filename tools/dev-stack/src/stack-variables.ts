/** What `with-stack` tells the tests by, and `test-stack` reads. */
export const STACK_VARIABLES = {
  redis: 'LOOM_TEST_REDIS_ADDR',
  cluster: 'LOOM_TEST_REDIS_CLUSTER',
  temporal: 'LOOM_TEST_TEMPORAL_HOSTPORT',
  redisProgram: 'REDIS_SERVER_BIN',
  temporalProgram: 'TEMPORAL_CLI',
} as const;

export type StackVariable = (typeof STACK_VARIABLES)[keyof typeof STACK_VARIABLES];
