module.exports = {
  ...require('./jest.base.cjs'),
  testMatch: ['**/*.int.test.ts'],
  // For a machine with much else to do: nothing here needs a tenth of it.
  testTimeout: 120_000,
  // One more than cores: many of them wait for a timer or a server.
  maxWorkers: 3,
};
