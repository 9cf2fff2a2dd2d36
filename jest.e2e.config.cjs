module.exports = {
  ...require('./jest.base.cjs'),
  roots: ['<rootDir>/tools/e2e', '<rootDir>/tools/chaos'],
  testMatch: ['**/*.e2e.test.ts'],
  testTimeout: 300_000,
  // Each suite starts the whole of Loom; two at once would only wait for each other.
  maxWorkers: 1,
};
