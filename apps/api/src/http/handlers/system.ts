import { openApiDocument } from '@loom/api-types';
import type { ReadinessReport } from '@loom/platform';
import { endpoint } from '../endpoint';

const NO_STORE = { 'cache-control': 'no-store' };

/** What operators of this process ask it. */
export function systemHandlers(readiness: () => Promise<ReadinessReport>) {
  return {
    getHealth: endpoint('getHealth', () => ({ status: 200, body: { status: 'ok' }, headers: NO_STORE })),

    getReadiness: endpoint('getReadiness', async () => {
      const body = await readiness();
      if (body.status === 'ready') return { status: 200, body, headers: NO_STORE };
      return { status: 503, body, headers: { ...NO_STORE, 'retry-after': '5' } };
    }),

    getOpenApi: endpoint('getOpenApi', () => ({ status: 200, body: openApiDocument })),
  };
}
