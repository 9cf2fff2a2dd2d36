module.exports = {
  ...require('./jest.base.cjs'),
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '\\.(int|e2e)\\.test\\.ts$'],
  // On two cores Jest would leave one of them idle.
  maxWorkers: '100%',
  testTimeout: 30_000,
};
