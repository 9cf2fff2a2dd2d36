import type { KeptSpan } from '../memory/memory-tracing';
import type { Tracing } from '../tracing';

/** A Tracing, and what it kept of the spans that have ended. */
export interface TracingUnderTest {
  tracing: Tracing;
  spans: () => readonly KeptSpan[];
}

const REMOTE = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What every Tracing does. */
export function describeTracing(name: string, make: () => TracingUnderTest): void {
  describe(`${name} as a Tracing`, () => {
    let tracing: Tracing;
    let span: (wanted: string) => KeptSpan;
    beforeEach(() => {
      const made = make();
      ({ tracing } = made);
      span = (wanted) => {
        const [found, ...more] = made.spans().filter((one) => one.name === wanted);
        if (found === undefined || more.length > 0) throw new Error(`not one span ${wanted}`);
        return found;
      };
    });

    it('nests what is begun inside, across waits', async () => {
      const result = await tracing.span('outer', { attributes: { step: 's', n: 1 } }, async () => {
        await pause();
        return tracing.span('inner', {}, () => 'done');
      });
      expect(result).toBe('done');
      expect(span('outer')).toMatchObject({ attributes: { step: 's', n: 1 }, failed: false });
      expect(span('outer').parentId).toBeUndefined();
      expect(span('inner')).toMatchObject({ traceId: span('outer').traceId, parentId: span('outer').spanId });
    });

    it('goes on with the trace of a carrier, whatever is active', () => {
      tracing.span('other', {}, () => tracing.span('resumed', { from: REMOTE }, () => undefined));
      expect(span('resumed')).toMatchObject({
        traceId: '0af7651916cd43dd8448eb211c80319c',
        parentId: 'b7ad6b7169203331',
      });
    });

    it('gives a carrier of the active span, and none outside', () => {
      const carrier = tracing.span('first', {}, () => tracing.carrier());
      tracing.span('second', { from: carrier }, () => undefined);
      expect(span('second')).toMatchObject({
        traceId: span('first').traceId,
        parentId: span('first').spanId,
      });
      expect(tracing.carrier()).toBeUndefined();
      expect(tracing.span('third', {}, () => tracing.apart(() => tracing.carrier()))).toBeUndefined();
    });

    it('records a failure and passes it on', async () => {
      const error = new Error('no');
      expect(() => tracing.span('thrown', {}, () => thrown(error))).toThrow(error);
      await expect(tracing.span('rejected', {}, () => Promise.reject(error))).rejects.toBe(error);
      expect([span('thrown').failed, span('rejected').failed]).toEqual([true, true]);
    });

    it('records a span under an id that was chosen elsewhere, and no other under it', () => {
      const spanId = '00000000000000aa';
      tracing.record({ name: 'elsewhere', spanId, from: REMOTE, attributes: { id: 'x' } });
      tracing.span('after', {}, () => undefined);
      expect(span('elsewhere')).toMatchObject({
        spanId,
        traceId: '0af7651916cd43dd8448eb211c80319c',
        parentId: 'b7ad6b7169203331',
        attributes: { id: 'x' },
      });
      expect(span('after').spanId).not.toBe(spanId);
    });
  });
}

function thrown(error: Error): never {
  throw error;
}
