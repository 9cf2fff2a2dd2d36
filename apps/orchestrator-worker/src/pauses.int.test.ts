import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { testRedisAddr } from '@loom/dev-stack';
import { releaseHeld, type ControlScope, type Stores } from '@loom/ports';
import { MemoryCallbackSigner, MemoryMetrics } from '@loom/ports/memory';
import { connectRedis, createRedisStores } from '@loom/redis-store';
import { createDispatchActivities, type DispatchInput, type DispatchResult } from './activities/dispatch';
import { ScriptedMigrator } from './testing/scripted-migrator';

const AT = '2026-01-01T00:00:00.000Z';
const LATER = '2026-01-01T00:01:00.000Z';
const ANN = { actor: { id: 'ann', role: 'operator' } } as const;
const step = { name: 's', migratorApp: 'app' };
const run = { migrationId: 'm', candidateId: 'c', runAttempt: 1 };

// A connection each for the worker and the api, as in two processes.
const redis = [connectRedis({ addr: testRedisAddr() }), connectRedis({ addr: testRedisAddr() })] as const;
afterAll(() => {
  for (const connection of redis) connection.disconnect();
});

/** Random numbers below 1 from a seed (mulberry32: neighbouring seeds have nothing in common). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    const more = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((more ^ (more >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `part`, each call of which begins a moment later. */
function delayed<T extends object>(part: T, random: () => number): T {
  return new Proxy(part, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...args: unknown[]): Promise<unknown> => {
        await setTimeout(random() * 4);
        return await (Reflect.apply(method, target, args) as Promise<unknown>);
      };
    },
  });
}

/** A run that has begun, in stores of its own; the worker's and the api's side of them. */
async function world(seed: number) {
  const prefix = `test-${randomUUID()}`;
  const ofWorker = createRedisStores({ redis: redis[0], prefix });
  const ofApi = createRedisStores({ redis: redis[1], prefix });
  const definition = { id: 'm', name: '', description: '', migratorApp: 'app', migratorUrl: 'http://a.test' };
  await ofApi.recovery.adopt('test');
  await ofApi.migrations.announce({ ...definition, steps: [step] }, AT);
  await ofApi.candidates.submit('m', [{ id: 'c' }], AT);
  const candidateVersion = (await ofApi.reader.snapshot('m', 'c'))?.version ?? '';
  const manifest = { runId: 'm__c', migrationId: 'm', candidate: { id: 'c' }, steps: [step], inputs: {} };
  await ofApi.runs.reserve({
    manifest: { ...manifest, nonce: 'n', reservedAt: AT },
    definitionRevision: 1,
    candidateVersion,
    from: 'not_started_or_queued',
  });
  await ofWorker.ledger.begin({ ...run, executionId: 'x', at: AT });
  const random = seeded(seed);
  const migrator = new ScriptedMigrator();
  const activities = createDispatchActivities({
    ledger: delayed(ofWorker.ledger, random),
    recovery: ofWorker.recovery,
    reach: ofWorker.reach,
    migrations: delayed(ofWorker.migrations, random),
    notifier: migrator,
    signer: new MemoryCallbackSigner(),
    slow: { has: () => false, saw: () => undefined },
    metrics: new MemoryMetrics(),
    clock: { now: () => AT },
  });
  const dispatch = (): Promise<DispatchResult> =>
    new MockActivityEnvironment({ isLocal: true }).run<[], DispatchResult, () => Promise<DispatchResult>>(
      () => activities.dispatchStep(input()),
    );
  const api = { controls: delayed(ofApi.controls, random), held: delayed(ofApi.held, random) };
  const close = async () => {
    for (const stores of [ofWorker, ofApi]) {
      await stores.flush();
      stores.close();
    }
    await redis[0].unlink(...(await redis[0].keys(`${prefix}:*`)));
  };
  /** Every other time as long as a dispatch may take to be held, else about as long as it takes to begin. */
  const aWhile = () => setTimeout(random() * (random() < 0.5 ? 16 : 2));
  return { api, dispatch, migrator, aWhile, close };
}

function input(): DispatchInput {
  const steps = [{ stepName: 's', status: 'in_progress' as const, attempt: 1 }];
  const projection = { ...run, seq: 1, steps, currentStep: 0, inputs: {}, at: AT };
  return { runId: 'm__c', nonce: 'n', candidate: { id: 'c' }, step, stepIndex: 0, attempt: 1, projection };
}

/** As the api ends a pause: the flag first, then each held run. */
async function resume(
  { controls, held }: Pick<Stores, 'controls' | 'held'>,
  scope: ControlScope,
): Promise<string[]> {
  const told: string[] = [];
  const engine = { signal: (runId: string) => Promise.resolve(told.push(runId) > 0) };
  await controls.resume(scope, AT);
  await releaseHeld({ held, engine }, { before: LATER });
  return told;
}

const seed = 20_260_101;
const SCOPES: [string, ControlScope][] = [
  ['a pause of its migration', { migrationId: 'm' }],
  ['a pause of all', 'all'],
];

it.each(SCOPES)(
  `a dispatch that races with the end of %s is sent, or held and told: never neither (seed ${seed})`,
  async (_, scope) => {
    const outcomes = new Set<string>();
    for (let round = 0; round < 80; round += 1) {
      const { api, dispatch, migrator, aWhile, close } = await world(seed + round);
      try {
        await api.controls.pause(scope, AT, ANN);
        const [result, told] = await Promise.all([dispatch(), aWhile().then(() => resume(api, scope))]);
        outcomes.add(result.outcome);
        // The run goes on where it was told, whether it came to know of it before or after.
        if (result.outcome === 'paused') {
          expect([round, told]).toEqual([round, ['m__c']]);
          expect(await dispatch()).toEqual({ outcome: 'accepted' });
        }
        expect([round, migrator.posts]).toEqual([round, ['s#1']]);
        expect(await api.held.due(LATER, 9)).toEqual([]);
      } finally {
        await close();
      }
    }
    // A race that ends the same way each time is none.
    expect([...outcomes].sort()).toEqual(['accepted', 'paused']);
  },
  120_000,
);
