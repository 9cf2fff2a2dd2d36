import express from 'express';
import request from 'supertest';
import type { HealthProbe } from '@loom/ports';
import { createReadiness, healthRoutes } from './health';

const up = (name: string): HealthProbe => ({ name, check: () => Promise.resolve() });
const down = (name: string, why: string): HealthProbe => ({
  name,
  check: () => Promise.reject(new Error(why)),
});
const silent: HealthProbe = { name: 'silent', check: () => new Promise(() => undefined) };

describe('readiness', () => {
  it('is ready when every dependency is up', async () => {
    expect(await createReadiness([up('store'), up('engine')])()).toEqual({
      status: 'ready',
      dependencies: [
        { name: 'store', status: 'up' },
        { name: 'engine', status: 'up' },
      ],
    });
  });

  it('names what is down and why, without credentials, and what does not answer in time', async () => {
    const probes = [up('store'), down('engine', 'connect http://u:canary@h refused'), silent];
    expect(await createReadiness(probes, { timeoutMs: 20 })()).toEqual({
      status: 'unavailable',
      dependencies: [
        { name: 'store', status: 'up' },
        { name: 'engine', status: 'down', detail: 'connect http://[redacted]@h refused' },
        { name: 'silent', status: 'down', detail: 'no answer within 20 ms' },
      ],
    });
  });

  it('takes a probe that throws at once for down', async () => {
    const broken: HealthProbe = {
      name: 'x',
      check: () => {
        throw new Error('broken');
      },
    };
    expect(await createReadiness([broken])()).toMatchObject({
      dependencies: [{ status: 'down', detail: 'broken' }],
    });
  });

  it('asks once for many that want to know, and again when the answer is old', async () => {
    const check = jest.fn(() => Promise.resolve());
    const now = jest.spyOn(performance, 'now').mockReturnValue(1000);
    const ask = createReadiness([{ name: 'store', check }], { cacheMs: 500 });
    await Promise.all(Array.from({ length: 50 }, () => ask()));
    now.mockReturnValue(1499);
    await ask();
    expect(check).toHaveBeenCalledTimes(1);
    now.mockReturnValue(1501);
    await ask();
    expect(check).toHaveBeenCalledTimes(2);
  });

  it('is unavailable from the moment that the app stops', async () => {
    const stop = new AbortController();
    const ask = createReadiness([up('store')], { stopping: stop.signal });
    expect(await ask()).toMatchObject({ status: 'ready' });
    stop.abort();
    expect(await ask()).toMatchObject({ status: 'unavailable' });
  });
});

describe('healthRoutes', () => {
  it('answers 200 while all is up', async () => {
    const app = express().use(healthRoutes([up('store')]));
    const ready = await request(app).get('/readyz').expect(200);
    expect(ready.body).toEqual({ status: 'ready', dependencies: [{ name: 'store', status: 'up' }] });
    await request(app).get('/healthz').expect(200, { status: 'ok' });
  });

  it('answers 503 with Retry-After when one is down, and still lives', async () => {
    const app = express().use(healthRoutes([down('store', 'gone')]));
    const answer = await request(app)
      .get('/readyz')
      .expect(503)
      .expect('retry-after', '5')
      .expect('cache-control', 'no-store');
    expect(answer.body).toMatchObject({ status: 'unavailable' });
    await request(app).get('/healthz').expect(200);
  });
});
