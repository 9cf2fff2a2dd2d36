import express, { type RequestHandler } from 'express';
import request from 'supertest';
import { withOracle } from './contract-oracle';

const COUNTS = {
  not_started: 0,
  queued: 0,
  running: 0,
  completed: 0,
  total: 0,
  attention: 0,
  attentionByKind: { step_failed: 0, awaiting_review: 0, stale: 0 },
};
const MIGRATION = {
  id: 'm1',
  name: 'n',
  description: '',
  migratorApp: 'a',
  migratorUrl: 'http://a',
  steps: [],
  revision: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  lastAnnouncedAt: '2026-01-01T00:00:00.000Z',
  counts: COUNTS,
};

/** What the oracle finds in one answer to `GET path`. */
async function verdictOn(path: string, answer: RequestHandler): Promise<string[]> {
  const app = express();
  app.disable('x-powered-by');
  app.use((_request, response, next) => {
    response.set('x-request-id', 'r');
    next();
  }, answer);
  const oracle = withOracle(app);
  await request(oracle.app).get(path);
  return oracle.broken;
}
const json =
  (status: number, body: unknown, type = 'application/json'): RequestHandler =>
  (_request, response) =>
    void response.status(status).type(type).json(body);

describe('the contract oracle', () => {
  it('finds nothing in an answer of the contract', async () => {
    expect(await verdictOn('/migrations/m1', json(200, MIGRATION))).toEqual([]);
    expect(await verdictOn('/nowhere', (_request, response) => void response.status(204).end())).toEqual([]);
  });

  it.each<[string, RequestHandler]>([
    ['a field that is missing', json(200, { ...MIGRATION, name: undefined })],
    ['a field of the wrong type', json(200, { ...MIGRATION, revision: 'one' })],
    ['a field that the contract does not name', json(200, { ...MIGRATION, nonce: 'x' })],
    ['an undocumented status', json(418, {}, 'application/problem+json')],
    ['an undocumented status without a body', (_request, response) => void response.status(204).end()],
    ['an error that is no problem', json(404, { error: 'no' }, 'application/problem+json')],
    [
      'a problem with another content type',
      json(404, {
        type: 'about:blank',
        title: 't',
        status: 404,
        detail: 'd',
        instance: '/',
        code: 'migration_not_found',
      }),
    ],
    ['an answer without its body', (_request, response) => void response.status(200).end()],
  ])('finds %s', async (_what, answer) => {
    expect(await verdictOn('/migrations/m1', answer)).not.toEqual([]);
  });

  it('finds a missing request id, also outside of the contract', async () => {
    expect(
      await verdictOn('/nowhere', (_request, response) => {
        response.removeHeader('x-request-id');
        response.status(204).end();
      }),
    ).toEqual([expect.stringContaining('x-request-id')]);
  });
});
