import { createHmac } from 'node:crypto';
import request from 'supertest';
import { dispatchOf, startMemoryMigrator, type MemoryMigrator } from './testing/memory-migrator';
import { dispatch } from './testing/requests';
import { billingApi } from './testing/world';

let migrator: MemoryMigrator;
beforeEach(() => {
  migrator = startMemoryMigrator();
});
afterEach(() => migrator.stop());

describe('the rest of the service', () => {
  test('health and readiness', async () => {
    await request(migrator.app).get('/health').expect(200, { status: 'ok' });
    await request(migrator.app).get('/healthz').expect(200);
    await request(migrator.app).get('/readyz').expect(200);
    await request(migrator.app).get('/nothing').expect(404);
  });

  test('another method of a path is told which it takes', async () => {
    const response = await request(migrator.app).get('/dispatch-step').expect(405).expect('allow', 'POST');
    expect(response.body).toMatchObject({ code: 'method_not_allowed', instance: '/dispatch-step' });
    await request(migrator.app).post('/health').expect(405).expect('allow', 'GET, HEAD');
  });

  test('a dispatch without an Idempotency-Key, or with an empty one, is refused: nobody could tell its repeats', async () => {
    const { body } = dispatchOf('cleanup-common');
    const post = () => request(migrator.app).post('/dispatch-step');
    await post().send(body).expect(400);
    await post().set('idempotency-key', '').send(body).expect(400);
  });

  test('discovery on demand announces and submits', async () => {
    const response = await request(migrator.app).post('/discover').expect(200);
    expect(response.body).toMatchObject({ candidates: 1, added: 1 });
    expect(migrator.loom.announcements[0]).toMatchObject({
      id: 'app-chart-migration',
      migratorUrl: 'http://127.0.0.1:3001',
    });
    expect(migrator.loom.submits).toEqual([[billingApi()]]);
  });

  test('a Loom that refuses is told of', async () => {
    migrator.loom.announce = () => Promise.resolve({ status: 403, code: 'forbidden', detail: 'not yours' });
    const response = await request(migrator.app).post('/discover').expect(503);
    expect(response.body).toMatchObject({ detail: 'announce: Loom answered 403 forbidden not yours' });
  });

  test('where dispatches are signed, others are refused', async () => {
    await migrator.stop();
    const secret = `whsec_${Buffer.from('a-dispatch-secret').toString('base64')}`;
    const loom = { url: 'http://127.0.0.1:8080', apiKey: undefined, dispatchSecrets: ['old-secret', secret] };
    migrator = startMemoryMigrator({ config: { loom } });
    await dispatch(migrator.app, 'cleanup-common').expect(401);
    const raw = JSON.stringify(dispatchOf('cleanup-common').body);
    const at = String(Math.floor(Date.now() / 1000));
    const sign = (timestamp: string) => {
      const mac = createHmac('sha256', 'a-dispatch-secret').update(`m1.${timestamp}.${raw}`).digest('base64');
      return { 'webhook-id': 'm1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,AAAA v1,${mac}` };
    };
    const post = (headers: Record<string, string>) =>
      request(migrator.app)
        .post('/dispatch-step')
        .set({ ...headers, 'content-type': 'application/json', 'idempotency-key': 'm__c/1/0/1' })
        .send(raw);
    await post(sign('1000000000')).expect(401);
    await post({ ...sign(at), 'webhook-id': 'm2' }).expect(401);
    await post(sign(at)).expect(202);
  });
});
