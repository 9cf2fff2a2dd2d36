import { type ProcessGroup } from './process-group';
import { launchOf, type Program } from './program';
import { type Server, startServer } from './server';

const READY_TIMEOUT_MS = 20_000;
const ASK_LIMIT_MS = 2_000;

/**
 * Starts toxiproxy without any proxy; they are made by its HTTP API, which listens at the server's address.
 * @throws DevStackError when it does not get ready
 */
export async function startToxiproxy(options: {
  group: ProcessGroup;
  program: Program;
  directory: string;
}): Promise<Server> {
  const { group, program, directory } = options;
  return startServer(group, {
    name: 'toxiproxy',
    directory,
    port: 0,
    portVariable: 'another port for toxiproxy',
    readyTimeoutMs: READY_TIMEOUT_MS,
    ownsItsPort: program.kind === 'binary',
    launch: (port) =>
      launchOf(program, {
        tool: 'toxiproxy-server',
        directory,
        ports: [port],
        args: (bindHost) => ['-host', bindHost, '-port', String(port)],
      }),
    ready: async (port) => {
      const url = `http://127.0.0.1:${port}/version`;
      const answer = await fetch(url, { signal: AbortSignal.timeout(ASK_LIMIT_MS) });
      if (!answer.ok) throw new Error(`it answers ${answer.status}`);
    },
  });
}
