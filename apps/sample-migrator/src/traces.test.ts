import express, { type Express } from 'express';
import { MemoryTracing } from '@loom/ports/memory';
import { drained, startMemoryMigrator, type MemoryMigrator } from './testing/memory-migrator';
import { closed, dispatch, webhook } from './testing/requests';

const FROM = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };

let tracing: MemoryTracing;
let migrator: MemoryMigrator;
beforeEach(() => {
  tracing = new MemoryTracing();
  migrator = startMemoryMigrator({ tracing });
});
afterEach(() => migrator.stop());

/** The service with a span around each request, as instrumentation makes one. */
function traced(from?: Record<string, string>): Express {
  return express()
    .use((_request, _response, next) => tracing.span('request', { from }, () => next()))
    .use(migrator.app);
}

it('what becomes of a dispatch stays in its trace, whatever request brings it about', async () => {
  await dispatch(traced(FROM), 'disable-sync-prune-dev').expect(202);
  await migrator.loom.event('open');
  await webhook(traced(), closed(1, true)).expect(202);
  await migrator.loom.event('merged');
  await drained(migrator);

  const of = (name: string) => tracing.spans.filter((span) => span.name === name);
  const [dispatched, told] = of('request');
  expect(dispatched?.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  expect(told?.traceId).not.toBe(dispatched?.traceId);
  const parent = { traceId: dispatched?.traceId, parentId: dispatched?.spanId };
  expect(of('execute step')).toMatchObject([{ ...parent, attributes: { step: 'disable-sync-prune-dev' } }]);
  expect(of('deliver event')).toMatchObject([parent, parent]);
});
