import { describeTracing } from '../contract/tracing';
import { noTracing } from '../tracing';
import { MemoryTracing } from './memory-tracing';

describeTracing('MemoryTracing', () => {
  const tracing = new MemoryTracing();
  return { tracing, spans: () => tracing.spans };
});

it('without tracing work is done and nothing is carried', async () => {
  await expect(noTracing.span('x', {}, () => Promise.resolve(1))).resolves.toBe(1);
  expect(noTracing.span('x', {}, () => noTracing.carrier())).toBeUndefined();
  expect(noTracing.apart(() => 2)).toBe(2);
});
