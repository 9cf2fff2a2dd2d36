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

const STACK = ['tsx', 'tools/dev-stack/src/with-stack.ts', '--'];
const jest = (config: string, out: string) => [
  'jest',
  '-c',
  config,
  '--json',
  '--outputFile',
  `tmp/check/${out}.json`,
];
const INTEGRATION = 'jest.int.config.cjs';
const END_TO_END = 'jest.e2e.config.cjs';
/** Tests of the commands, which bring servers of their own: they can run beside those that share theirs. */
const COMMANDS = 'tools/e2e/src/commands';

/** Tests with real servers: those of `servers`, which is a command that starts them, or their own. */
const onServers = (
  name: string,
  {
    servers,
    config,
    report,
    which = [],
  }: { servers: string[]; config: string; report: string; which?: string[] },
): Part => ({
  name,
  command: [...servers, ...jest(config, report), ...which],
  lane: 0,
  report,
  only: (files, again) => [...servers, ...jest(config, again), '--runTestsByPath', ...files],
});

const FIRST_COMMIT = 'git rev-list --max-parents=0 HEAD | tail -n 1';

/**
 * What `npm test` runs. The quick, dependency-free parts come first, so that a slip is told early; the last ones use
 * real servers. Parts that need both cores run alone.
 */
export const PARTS: Part[][] = [
  [{ name: 'projects', command: ['nx', 'show', 'projects'], lane: 0 }],
  [
    { name: 'lint', command: ['eslint', '.', '--max-warnings', '0'], lane: 0 },
    { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'], lane: 1 },
    { name: 'types', command: ['tsc', '-p', 'tsconfig.json', '--noEmit'], lane: 1 },
    { name: 'generated code', command: ['tsx', 'tools/codegen/src/generate.ts', '--check'], lane: 1 },
    {
      name: 'contract',
      command: ['redocly', 'lint', '--config', 'schemas/redocly.yaml', 'schemas/openapi.yaml'],
      lane: 1,
    },
    { name: 'unused code', command: ['knip', '--no-progress'], lane: 1 },
    { name: 'import rules', command: ['tsx', 'tools/boundaries/src/prove.ts'], lane: 1 },
    { name: 'commit messages', command: ['sh', '-c', `commitlint --from "$(${FIRST_COMMIT})"`], lane: 1 },
  ],
  [{ name: 'unit and contract tests', command: jest('jest.config.cjs', 'unit'), lane: 0, report: 'unit' }],
  [{ name: 'build', command: ['nx', 'run-many', '-t', 'build'], lane: 0 }],
  [onServers('integration tests', { servers: STACK, config: INTEGRATION, report: 'integration' })],
  [
    onServers('end-to-end tests', {
      ...{ servers: STACK, config: END_TO_END, report: 'e2e' },
      which: ['--testPathIgnorePatterns', COMMANDS],
    }),
    {
      ...onServers('the two commands', {
        servers: [],
        config: END_TO_END,
        report: 'commands',
        which: [COMMANDS],
      }),
      lane: 1,
    },
  ],
];
