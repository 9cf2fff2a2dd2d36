// Runs a command with servers of its own: started on free ports, gone with it.
import { constants } from 'node:os';
import { createProbes } from './probes';
import { type ProcessGroup } from './process-group';
import { runProgram } from './run-program';
import { startStack } from './stack';
import { parseWithStackArguments } from './with-stack-arguments';

/** A developer's running stack: a test run neither needs it nor may touch it. */
const NOT_OURS = ['REDIS_ADDR', 'REDIS_PASSWORD', 'TEMPORAL_HOSTPORT'];

async function main(group: ProcessGroup): Promise<number> {
  const { parts, command, args } = parseWithStackArguments(process.argv.slice(2));
  const probes = createProbes(group, (line) => {
    console.error(line);
  });
  const variables = await startStack(parts, {
    group,
    probes,
    directory: group.temporaryDirectory('loom-stack-'),
  });
  const env = { ...process.env, ...variables };
  for (const name of NOT_OURS) Reflect.deleteProperty(env, name);
  const running = group.start({ name: command, command, args, env, output: 'inherit', mayEnd: true });
  const { code, signal } = await running.exited;
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

await runProgram(main, {
  onUnexpectedExit: ({ name, code, signal, lines }) => {
    // A test that kills a shared server would make others fail for no visible reason.
    console.error([`${name} ended by itself (${signal ?? code ?? '?'})`, ...lines.slice(-10)].join('\n  '));
  },
});
