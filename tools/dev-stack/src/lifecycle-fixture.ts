// A program as `npm start` is one: servers, a service, and a directory. It prints what it started, and waits.
import { createProbes, type ProcessGroup, runProgram, startService, startStack, waitUntil } from './index';

const serve =
  'require("http").createServer((q, s) => s.end("ok")).listen(0, function () { console.log(this.address().port) })';

await runProgram(
  async (group) => {
    const probes = createProbes(group, () => undefined);
    const directory = group.temporaryDirectory('loom-fixture-');
    if (process.argv[2] === 'early') void sayWhenBothStart(group);
    const variables = await startStack(['redis', 'temporal'], { group, probes, directory });
    // The service starts a process of its own, which its group has to take along.
    const nested = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(serve)}], { stdio: "inherit" })`;
    const lines: string[] = [];
    await startService(group, {
      name: 'service',
      command: process.execPath,
      args: ['-e', `${serve}; ${nested}`],
      output: 'quiet',
      onLine: (line) => lines.push(line),
    });
    await waitUntil('both have a port', () => Promise.resolve(lines.length === 2), { timeoutMs: 20_000 });
    console.log(JSON.stringify({ directory, ...variables }));
    if (process.argv[2] === 'throw') setTimeout(() => failLater(), 100);
    return new Promise<number>(() => undefined);
  },
  {
    onUnexpectedExit: ({ name }) => {
      console.log(`${name} ended by itself`);
    },
  },
);

async function sayWhenBothStart(group: ProcessGroup): Promise<void> {
  await waitUntil('both start', () => Promise.resolve(group.pids().length === 2), {
    timeoutMs: 20_000,
    everyMs: 5,
  });
  console.log('both start');
}

function failLater(): void {
  throw new Error('nobody caught this');
}
