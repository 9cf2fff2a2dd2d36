import { resolve } from 'node:path';
import type { ProcessGroup } from '@loom/dev-stack';
import type { Operation } from './operations';

export interface SchemathesisRun {
  program: string;
  /** Where the contract is served. */
  schemaUrl: string;
  /** Who is asked. */
  baseUrl: string;
  fixturesUrl: string;
  /** Where it may keep what it found. */
  directory: string;
  operations: readonly Operation[];
  /** Handed on, e.g. `--seed 7`. */
  args: readonly string[];
}

/** Tries each of `operations`. Answers with what Schemathesis exits with: 0 when every answer was as the contract says. */
export async function runSchemathesis(group: ProcessGroup, run: SchemathesisRun): Promise<number> {
  const only = run.operations.flatMap(({ id }) => ['--include-operation-id', id]);
  const running = group.start({
    name: 'schemathesis',
    command: run.program,
    args: [
      '--config-file',
      resolve('tools/fuzz/schemathesis.toml'),
      'run',
      run.schemaUrl,
      '--url',
      run.baseUrl,
      ...only,
      ...run.args,
    ],
    env: {
      ...process.env,
      SCHEMATHESIS_HOOKS: resolve('tools/fuzz/src/hooks.py'),
      LOOM_FUZZ_FIXTURES: run.fixturesUrl,
      PYTHONDONTWRITEBYTECODE: '1',
    },
    cwd: run.directory,
    output: 'inherit',
    mayEnd: true,
  });
  const { code } = await running.exited;
  return code ?? 1;
}
