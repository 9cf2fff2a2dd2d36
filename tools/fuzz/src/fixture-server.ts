import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { Answers } from './answers';
import type { Fixtures } from './fixtures';

interface Asked {
  operation: string;
  status: number;
}

/** What hooks.py asks: a fixture before each call; and is told: the answer after it. */
export async function startFixtureServer(fixtures: Fixtures, answers: Answers) {
  const server = createServer((request, response) => {
    const answer = async (): Promise<unknown> => {
      const { operation, status } = (await json(request)) as Asked;
      if (request.url === '/prepare') return await fixtures.prepare(operation);
      answers.add(operation, status);
      return null;
    };
    answer().then(
      (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      (error: unknown) => {
        console.error('a fixture could not be made:', error);
        response.writeHead(500).end();
      },
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
