/** One part of the whole check: a command, and how it is shown. */
export interface Part {
  name: string;
  /** Program and arguments; `npx`-style names are found in node_modules/.bin. */
  command: string[];
  /** Run one after another within a lane, lanes beside each other. */
  lane: number;
  /** Name of the report that it leaves: it runs tests. */
  report?: string;
  /** The command that runs only these of its files; those that use real servers have it. */
  only?: (files: readonly string[], report: string) => string[];
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

const onServers = (name: string, config: string, report: string): Part => ({
  name,
  command: [...withStack(), ...jest(config, report)],
  lane: 0,
  report,
  only: (files, again) => [...withStack(), ...jest(config, again), '--runTestsByPath', ...files],
});

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
  [{ name: 'unit and contract tests', command: jest('jest.config.cjs', 'unit'), lane: 0, report: 'unit' }],
  [{ name: 'build', command: ['nx', 'run-many', '-t', 'build'], lane: 0 }],
  [onServers('integration tests', 'jest.int.config.cjs', 'integration')],
  [onServers('end-to-end tests', 'jest.e2e.config.cjs', 'e2e')],
];
