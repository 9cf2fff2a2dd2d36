// The one preset of every project. `x.test.ts` has no I/O outside its process and a temporary directory;
// `x.int.test.ts` uses real servers, whose addresses tools/dev-stack puts into the environment.
const esmOnly = [
  'octokit',
  '@octokit/.*',
  'universal-user-agent',
  'before-after-hook',
  'toad-cache',
  'universal-github-app-jwt',
  'simple-git',
  '@simple-git/.*',
  'universal-.*',
  'json-with-bigint',
  'fast-content-type-parse',
];

/** @type {import('jest').Config} */
module.exports = {
  rootDir: __dirname,
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools'],
  testEnvironment: 'node',
  resolver: '<rootDir>/tools/jest/resolver.cjs',
  moduleNameMapper: {
    '^@loom/(dev-stack|seed|e2e)$': '<rootDir>/tools/$1/src/index.ts',
    '^@loom/([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^@loom/([^/]+)/(.+)$': '<rootDir>/libs/$1/src/$2/index.ts',
  },
  transform: {
    '^.+\\.m?[tj]s$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.loom/', '<rootDir>/tmp/'],
  restoreMocks: true,
};
