import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Who may import whom between projects (ARCHITECTURE.md draws it). */
const between = [
  ['domain', []],
  ['ports', ['domain']],
  ['redis-store', ['ports', 'domain']],
  ['temporal-engine', ['ports', 'domain']],
  ['migrator-client', ['ports', 'domain', 'api-types']],
  ['api-types', []],
  ['platform', ['ports', 'domain']],
  ['api', ['domain', 'ports', 'redis-store', 'temporal-engine', 'migrator-client', 'api-types', 'platform']],
  [
    'orchestrator-worker',
    ['domain', 'ports', 'redis-store', 'temporal-engine', 'migrator-client', 'platform'],
  ],
  ['sample-migrator', ['domain', 'ports', 'api-types', 'platform']],
  ['tools', ['*']],
];
const constraints = (also) =>
  between.map(([from, to]) => ({
    sourceTag: `scope:${from}`,
    onlyDependOnLibsWithTags: to.includes('*') ? ['*'] : [from, ...to, ...also].map((tag) => `scope:${tag}`),
  }));
const boundaries = (also) => [
  'error',
  { enforceBuildableLibDependency: false, allow: [], depConstraints: constraints(also) },
];

/** npm packages that a part may import, where that is limited; `builtins` says whether Node's own are allowed. */
const outside = [
  { files: ['libs/domain/src/**/*.ts'], allow: [], builtins: false },
  { files: ['libs/ports/src/**/*.ts'], allow: [], builtins: false },
  { files: ['libs/redis-store/src/**/*.ts'], allow: ['ioredis'], builtins: true },
  {
    files: ['libs/temporal-engine/src/**/*.ts'],
    allow: ['@temporalio/client', '@temporalio/common'],
    builtins: true,
  },
  { files: ['libs/migrator-client/src/**/*.ts'], allow: ['undici', 'ipaddr.js'], builtins: true },
  { files: ['libs/api-types/src/**/*.ts'], allow: ['zod'], builtins: false },
  { files: ['apps/api/src/service/**/*.ts'], allow: [], builtins: false, libs: ['domain', 'ports'] },
  {
    files: ['apps/api/src/http/**/*.ts', 'apps/api/src/app.ts'],
    allow: ['express', 'helmet', 'compression', 'zod', 'qs'],
    builtins: true,
    libs: ['domain', 'ports', 'api-types', 'platform'],
  },
  {
    files: ['apps/orchestrator-worker/src/workflows/**/*.ts'],
    allow: ['@temporalio/workflow'],
    builtins: false,
    libs: ['domain', 'ports'],
    typesOnly: ['@loom/ports', '../activities'],
  },
  {
    files: ['apps/orchestrator-worker/src/activities/**/*.ts'],
    allow: ['@temporalio/activity'],
    builtins: false,
    libs: ['domain', 'ports'],
  },
];

function restrictions({ files, allow, builtins, libs, typesOnly }) {
  const allowed = [...allow, ...(libs ?? []).map((lib) => `@loom/${lib}`)];
  const alternatives = allowed.map((name) => name.replaceAll('.', '\\.')).join('|');
  const local = libs === undefined ? '\\.|@loom/' : '\\.';
  const except = alternatives === '' ? local : `${local}|(?:${alternatives})(?:/|$)`;
  const patterns = [
    {
      regex: `^(?!${except}${builtins ? '|node:' : ''})`,
      message: `Only ${[...allowed, builtins ? 'node:*' : '', 'files beside it'].filter(Boolean).join(', ')} may be imported here.`,
    },
    ...(typesOnly ?? []).map((group) => ({ group: [group], allowTypeImports: true, message: 'Types only.' })),
  ];
  return {
    files,
    ignores: ['**/*.test.ts', '**/memory/**', '**/contract/**', '**/testing/**'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
  };
}

export default tseslint.config(
  { ignores: ['**/generated/**', '**/dist/**', '**/node_modules/**', '.nx/**', '.loom/**', 'tmp/**'] },
  {
    files: ['**/*.ts'],
    extends: [eslint.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@nx/enforce-module-boundaries': boundaries([]),
      'no-restricted-exports': [
        'error',
        { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } },
      ],
    },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    ignores: ['**/config.ts', '**/*.test.ts', '**/testing/**', 'libs/ports/src/contract/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read the environment in config.ts.' },
      ],
    },
  },
  {
    // Only tests start servers, break networks, and kill.
    files: ['**/*.test.ts', '**/testing/**/*.ts'],
    rules: { '@nx/enforce-module-boundaries': boundaries(['dev-stack']) },
  },
  ...outside.map(restrictions),
  {
    files: ['**/*.{mjs,cjs,js}'],
    extends: [eslint.configs.recommended],
    languageOptions: {
      globals: {
        process: 'readonly',
        module: 'writable',
        require: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        __dirname: 'readonly',
      },
    },
  },
);
