import { json } from 'node:stream/consumers';
import type { Answers } from './answers';
import type { Fixtures } from './fixtures';
import { serveOnLoopback } from './loopback-server';

interface Asked {
  operation: string;
  status: number;
}

/** What hooks.py asks: a fixture before each call; and is told: the answer after it. */
export async function startFixtureServer(fixtures: Fixtures, answers: Answers) {
  return await serveOnLoopback((request, response) => {
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
}
