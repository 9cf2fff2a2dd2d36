module.exports = {
  ...require('./jest.base.cjs'),
  roots: ['<rootDir>/tools/e2e', '<rootDir>/tools/chaos'],
  testMatch: ['**/*.e2e.test.ts'],
  testTimeout: 300_000,
  // Those that share a Redis and a Temporal would disturb each other.
  maxWorkers: 1,
};
