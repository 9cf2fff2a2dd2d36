module.exports = {
  ...require('./jest.base.cjs'),
  testMatch: ['**/*.int.test.ts'],
  testTimeout: 30_000,
  maxWorkers: 2,
};
