/** One part of the whole check: a command, and how it is shown. */
export interface Part {
  name: string;
  /** Program and arguments; `npx`-style names are found in node_modules/.bin. */
  command: string[];
  /** Run one after another within a lane, lanes beside each other. */
  lane: number;
}

const withStack = (...flags: string[]) => ['tsx', 'tools/dev-stack/src/with-stack.ts', ...flags, '--'];
const jest = (config: string, out: string) => [
  'jest',
  '-c',
  config,
  '--json',
  '--outputFile',
  `tmp/check/${out}.json`,
];

const FIRST_COMMIT = 'git rev-list --max-parents=0 HEAD | tail -n 1';

/**
 * What `npm test` runs. The quick, dependency-free parts come first, so that a slip is told early; the last ones use
 * real servers. Parts that need both cores run alone.
 */
export const PARTS: Part[][] = [
  [{ name: 'projects', command: ['nx', 'show', 'projects'], lane: 0 }],
  [
    { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'], lane: 0 },
    { name: 'generated code', command: ['tsx', 'tools/codegen/src/generate.ts', '--check'], lane: 0 },
    {
      name: 'contract',
      command: ['redocly', 'lint', '--config', 'schemas/redocly.yaml', 'schemas/openapi.yaml'],
      lane: 0,
    },
    { name: 'commit messages', command: ['sh', '-c', `commitlint --from "$(${FIRST_COMMIT})"`], lane: 1 },
    { name: 'unused code', command: ['knip', '--no-progress'], lane: 0 },
    { name: 'types', command: ['tsc', '-p', 'tsconfig.json', '--noEmit'], lane: 1 },
    { name: 'import rules', command: ['tsx', 'tools/boundaries/src/prove.ts'], lane: 1 },
  ],
  [{ name: 'lint', command: ['eslint', '.', '--max-warnings', '0'], lane: 0 }],
  [{ name: 'unit and contract tests', command: jest('jest.config.cjs', 'unit'), lane: 0 }],
  [{ name: 'build', command: ['nx', 'run-many', '-t', 'build'], lane: 0 }],
  [
    {
      name: 'integration tests',
      command: [...withStack(), ...jest('jest.int.config.cjs', 'integration')],
      lane: 0,
    },
  ],
  [{ name: 'end-to-end tests', command: [...withStack(), ...jest('jest.e2e.config.cjs', 'e2e')], lane: 0 }],
];
