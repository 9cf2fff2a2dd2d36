// A small app with everything that a real one has at its edge; shutdown.test.ts runs it as a process of its own.
import { EventEmitter, once } from 'node:events';
import express from 'express';
import { healthRoutes } from '../health';
import { listen } from '../listen';
import { createLogger } from '../logger';
import { main } from '../main';
import { createShutdown } from '../shutdown';

const mode = process.argv[2] ?? 'normal';

await main(async () => {
  if (mode === 'bad-start') throw new Error('no good');
  const logger = createLogger({ level: 'info', format: 'json', service: 'test' });
  const shutdown = createShutdown({
    logger,
    graceMs: mode === 'stuck' ? 200 : 60_000,
    ...(mode === 'impatient' ? { sameSignalMs: 0 } : {}),
  });
  shutdown.onShutdown('store', () => logger.info('store closed'));
  const app = express();
  app.use(healthRoutes([], { stopping: shutdown.stopping }));
  app.get('/slow', (request, response) => {
    logger.info('slow began');
    response.flushHeaders();
    // The rest is sent only after the stop began, so that the test does not depend on time.
    if (request.query['wait'] === 'forever') return;
    shutdown.stopping.addEventListener('abort', () => {
      response.write('first ');
      // After the drain: the listener is closed by then, and its idle connections are cut.
      setTimeout(() => response.end('last'), 400);
    });
  });
  const lateBegan = new EventEmitter();
  const sawLate = once(lateBegan, 'late');
  app.get('/late', (_request, response) => {
    logger.info('late began');
    lateBegan.emit('late');
    shutdown.stopping.addEventListener('abort', () => setImmediate(() => response.send('whole')));
  });
  app.get('/late/began', async (_request, response) => {
    await sawLate;
    response.send('yes');
  });
  app.get('/throw', (_request, response) => {
    response.send('ok');
    setImmediate(() => {
      throw new Error('thrown past everything');
    });
  });
  app.get('/reject', (_request, response) => {
    response.send('ok');
    void Promise.reject(new Error('rejected past everything'));
  });
  const listener = await listen(app, { host: '127.0.0.1', port: Number(process.argv[3] ?? 0), drainMs: 100 });
  shutdown.onShutdown('http', listener.close);
  logger.info('listening', { port: listener.port });
});
