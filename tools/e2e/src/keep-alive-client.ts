import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Answer {
  status: number;
  body: string;
  /** Base URL of the replica that answered. */
  from: string;
}

/** One client with one connection, which it keeps as long as the server lets it. */
export interface KeepAliveClient {
  /**
   * Asks the replica of the last answer. One that refuses connections, or ends one with its answer, is left for the
   * next, as a load balancer does. Every other failure is an answer lost, and rejects.
   */
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
  /** True while a request waits for the end of its answer. */
  asking(): boolean;
  close(): void;
}

const ANSWER_LIMIT_MS = 30_000;

export function keepAliveClient(replicas: readonly string[]): KeepAliveClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let at = 0;
  let waiting = false;

  async function once(base: string, method: string, path: string, body?: unknown): Promise<Answer> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const response = await new Promise<IncomingMessage>((settle, reject) => {
      const headers = payload === undefined ? {} : { 'content-type': 'application/json' };
      const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
      const asked = request(`${base}${path}`, { method, agent, headers, signal }, settle);
      asked.on('error', (error: NodeJS.ErrnoException) => {
        const what = `${error.code ?? error.message} on a ${asked.reusedSocket ? 'kept' : 'new'} connection`;
        reject(error.code === 'ECONNREFUSED' ? error : new Error(what, { cause: error }));
      });
      asked.end(payload);
    });
    if (response.headers.connection === 'close') at += 1;
    return { status: response.statusCode ?? 0, body: await text(response), from: base };
  }

  return {
    async ask(method, path, body) {
      waiting = true;
      try {
        for (let refusals = 0; ; refusals += 1) {
          const base = replicas[at % replicas.length] ?? '';
          try {
            return await once(base, method, path, body);
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED' || refusals >= replicas.length)
              throw error;
            at += 1;
          }
        }
      } finally {
        waiting = false;
      }
    },
    asking: () => waiting,
    close: () => {
      agent.destroy();
    },
  };
}
