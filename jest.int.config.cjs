module.exports = {
  ...require('./jest.base.cjs'),
  testMatch: ['**/*.int.test.ts'],
  testTimeout: 30_000,
  // One more than cores: many of them wait for a timer or a server.
  maxWorkers: 3,
};
