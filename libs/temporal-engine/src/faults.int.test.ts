import { type Link, startLink, testTemporalAddr } from '@loom/dev-stack';
import { DependencyUnavailableError } from '@loom/domain';
import type { ExecutionEngine } from '@loom/ports';
import { MemoryLogger } from '@loom/ports/memory';
import { connectTemporal } from './connect';
import type { TemporalConnection } from './connect';
import { createTemporalEngine } from './temporal-engine';
import { temporalProbe } from './temporal-probe';
import { event, manifest } from './testing/manifest';

let link: Link;
let temporal: TemporalConnection;
let engine: ExecutionEngine;
let logger: MemoryLogger;

beforeEach(async () => {
  link = await startLink(testTemporalAddr());
  logger = new MemoryLogger();
  temporal = connectTemporal({ hostPort: link.address, namespace: 'default', logger });
  engine = createTemporalEngine({ client: temporal.client, taskQueue: 'nobody' });
});
afterEach(async () => {
  await temporal.close();
  await link.down();
});

/** Every call of the port. */
const calls: [name: string, call: (engine: ExecutionEngine) => Promise<unknown>][] = [
  ['start', (e) => e.start(manifest())],
  ['signal', (e) => e.signal('a__b', event('completed'))],
  ['cancel', (e) => e.cancel({ runId: 'a__b', runAttempt: 1 })],
  ['cancel by execution id', (e) => e.cancel({ runId: 'a__b', runAttempt: 1, executionId: 'x' })],
  ['awaitClosed', (e) => e.awaitClosed('a__b', 1, 1000)],
  ['describe', (e) => e.describe('a__b')],
  ['progress', (e) => e.progress('a__b')],
];

const failure = async (
  call: Promise<unknown>,
): Promise<{ error: DependencyUnavailableError; ms: number }> => {
  const started = performance.now();
  const error: unknown = await call.then(
    (value) => new Error(`it answered ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DependencyUnavailableError)) throw error;
  return { error, ms: performance.now() - started };
};

/** Repeats until it works; each attempt is bounded, and so is the whole by the test's own time. */
const untilWorks = async <T>(call: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof DependencyUnavailableError)) throw error;
    }
  }
};

describe('an engine that is away', () => {
  it.each(calls)('is told soon by %s', async (name, call) => {
    await link.down();
    const { error, ms } = await failure(call(engine));
    expect(error).toMatchObject({ dependency: 'engine', message: 'Temporal: it cannot be reached' });
    // Only a start asks whether it certainly did not happen; for the others an earlier attempt may have arrived.
    expect(error.certain).toBe(name === 'start');
    expect(ms).toBeLessThan(15_000);
  });

  it('is not ready, and works again when it is back, with the same client', async () => {
    await link.down();
    await expect(temporalProbe(temporal.client).check()).rejects.toThrow('it cannot be reached');
    await link.up();
    await untilWorks(() => temporalProbe(temporal.client).check());
    expect(await engine.start(manifest())).toEqual({ outcome: 'started' });
  });

  it('can go away and come back under a client that was connected', async () => {
    const run = manifest();
    await engine.start(run);
    await link.down();
    for (let i = 0; i < 3; i += 1) await failure(engine.describe(run.runId));
    await link.up();
    expect(await untilWorks(() => engine.describe(run.runId))).toMatchObject({ open: true, runAttempt: 1 });
    const { address } = link;
    expect(logger.lines.filter(({ level }) => level !== 'debug')).toMatchObject([
      { level: 'warn', message: 'temporal cannot be used', fields: { address } },
      { level: 'info', message: 'temporal can be used again', fields: { address } },
    ]);
  });
});

describe('an engine that is silent', () => {
  it('is given up by every call within its bound, and nothing is certain', async () => {
    await temporalProbe(temporal.client).check();
    link.set('freeze');
    const failures = await Promise.all(calls.map(([, call]) => failure(call(engine))));
    for (const [index, { error, ms }] of failures.entries()) {
      const name = calls[index]?.[0];
      expect([name, error.message, error.certain]).toEqual([
        name,
        'Temporal: it did not answer in time',
        false,
      ]);
      expect(ms).toBeLessThan(20_000);
    }
  });

  it('is given up by the probe within its bound', async () => {
    await temporalProbe(temporal.client).check();
    link.set('freeze');
    const started = performance.now();
    await expect(temporalProbe(temporal.client).check()).rejects.toThrow('it did not answer in time');
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('ends a wait that has begun when its time is over', async () => {
    const run = manifest();
    await engine.start(run);
    const waiting = engine.awaitClosed(run.runId, 1, 1000);
    // Answered after the look that the wait begins with.
    await engine.describe(run.runId);
    link.set('freeze');
    // Whether the look or the long poll meets the silence first decides which of the two it is.
    const ended = await waiting.catch((error: unknown) => error);
    expect(ended === false || ended instanceof DependencyUnavailableError).toBe(true);
  });
});

describe('a connection that breaks before the answer', () => {
  it('leaves a start uncertain, which did happen and is not made twice', async () => {
    await temporalProbe(temporal.client).check();
    const run = manifest();
    link.set('swallow-answers');
    const starting = failure(engine.start(run));
    await link.forwarded();
    // Seen past the link: it has happened, and only its answer is missing.
    const direct = connectTemporal({ hostPort: testTemporalAddr(), namespace: 'default' });
    const witness = createTemporalEngine({ client: direct.client });
    while ((await witness.describe(run.runId)) === undefined);
    // A repetition would find nothing listening, and must not conclude from that that nothing was ever sent.
    await link.down();
    expect((await starting).error.certain).toBe(false);
    link.set('pass');
    await link.up();
    expect(await untilWorks(() => engine.start(run))).toEqual({ outcome: 'already_started' });
    await direct.close();
  });
});
