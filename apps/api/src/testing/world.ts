import type {
  AuditContext,
  Candidate,
  MigrationDefinition,
  RunRecord,
  StepDefinition,
  StepState,
} from '@loom/domain';
import { migratorUrlProblem } from '@loom/migrator-client';
import {
  MemoryCallbackSigner,
  MemoryClock,
  MemoryDryRunner,
  MemoryExecutionEngine,
  MemoryLogger,
  MemoryReconciler,
  MemoryStoreMemory,
  createMemoryStores,
} from '@loom/ports/memory';
import type { ServiceDeps } from '../service/deps';
import { createService } from '../service/service';
import { actingAs } from './acting-as';

export const M = 'm1';
/** The operators of these tests. */
export const ANA: AuditContext = { actor: { id: 'ana', role: 'operator' } };

export const RUN = (candidateId: string): string => `${M}__${candidateId}`;

export const step = (name: string, over: Partial<StepDefinition> = {}): StepDefinition => ({
  name,
  migratorApp: 'app',
  ...over,
});

export const definition = (over: Partial<MigrationDefinition> = {}): MigrationDefinition => ({
  id: M,
  name: 'A migration',
  description: '',
  migratorApp: 'app',
  migratorUrl: 'http://migrator.test:3001',
  steps: [step('one'), step('two')],
  ...over,
});

/** What a worker would do to a run; each call is one act of its workflow. */
export interface Worker {
  /** First act: records the execution. */
  begin(candidateId: string): Promise<void>;
  /** Shows a newer view: `change` is merged into the step at `index`, at which the run then stands. */
  project(candidateId: string, index: number, change: Partial<StepState>): Promise<void>;
  complete(candidateId: string): Promise<void>;
  /** Cleans up after a cancel: the record first, then the execution closes. */
  settle(candidateId: string): Promise<void>;
}

/** The use cases on memory stores and a memory engine; the test plays migrator and worker. */
export function createWorld(over: Partial<ServiceDeps> = {}) {
  const stores = createMemoryStores();
  const engine = new MemoryExecutionEngine();
  const clock = new MemoryClock();
  const reconciler = new MemoryReconciler();
  const signer = new MemoryCallbackSigner();
  const dryRunner = new MemoryDryRunner();
  const logger = new MemoryLogger();
  let nonces = 0;
  const deps: ServiceDeps = {
    ...stores,
    engine,
    memory: new MemoryStoreMemory(),
    newId: () => 'store',
    reconciler,
    dryRunner,
    signer,
    clock,
    logger,
    anonymousMayReport: true,
    newNonce: () => `nonce-${(nonces += 1)}`,
    migratorUrlProblem,
    ...over,
  };
  const service = actingAs(ANA, createService(deps));

  const announce = (change: Partial<MigrationDefinition> = {}, candidates: Candidate[] = []) =>
    service.announce({ definition: definition(change), candidates });
  const run = async (candidateId: string): Promise<RunRecord | undefined> =>
    (await stores.reader.snapshot(M, candidateId))?.run;
  const start = (candidateId: string, inputs: Record<string, string> = {}) =>
    service.start({ migrationId: M, candidateId, inputs, from: 'not_started_or_queued' });
  /** The callback id of a dispatch of the newest run attempt. */
  const callback = async (candidateId: string, stepIndex = 0, attempt = 1): Promise<string> => {
    const record = await run(candidateId);
    if (record === undefined) throw new Error(`${candidateId} has no run`);
    const address = { runId: record.runId, runAttempt: record.attempt, stepIndex, attempt };
    return signer.sign(address, record.nonce);
  };
  const worker = createWorker(stores, engine, clock, run);
  const acts = { announce, run, start, callback, worker };
  return { service, stores, engine, reconciler, clock, signer, dryRunner, logger, deps, ...acts };
}

function createWorker(
  stores: ReturnType<typeof createMemoryStores>,
  engine: MemoryExecutionEngine,
  clock: MemoryClock,
  runOf: (candidateId: string) => Promise<RunRecord | undefined>,
): Worker {
  const current = async (candidateId: string): Promise<RunRecord> => {
    const run = await runOf(candidateId);
    if (run === undefined) throw new Error(`${candidateId} has no run`);
    return run;
  };
  const address = (candidateId: string, run: RunRecord) => ({
    migrationId: M,
    candidateId,
    runAttempt: run.attempt,
  });
  const view = (candidateId: string, run: RunRecord) => {
    const { steps, currentStep, inputs } = run;
    return { ...address(candidateId, run), seq: run.seq + 1, steps, currentStep, inputs, at: clock.now() };
  };
  return {
    async begin(candidateId) {
      const run = await current(candidateId);
      const executionId = (await engine.describe(run.runId))?.executionId ?? 'none';
      await stores.ledger.begin({ ...address(candidateId, run), executionId, at: clock.now() });
    },
    async project(candidateId, index, change) {
      const run = await current(candidateId);
      const steps = run.steps.map((one, at) => (at === index ? { ...one, ...change } : one));
      const changed = steps[index];
      const attention =
        changed?.status === 'failed' ? { kind: 'step_failed' as const, since: clock.now() } : undefined;
      await stores.ledger.project({
        ...view(candidateId, run),
        steps,
        currentStep: index,
        ...(attention === undefined ? {} : { attention }),
      });
    },
    async complete(candidateId) {
      const run = await current(candidateId);
      await stores.ledger.complete(view(candidateId, run));
      engine.close(run.runId);
    },
    async settle(candidateId) {
      const run = await current(candidateId);
      const fallback = { by: 'engine', reason: 'cancelled past the api' };
      const { steps } = run;
      await stores.ledger.settleCancel({ ...address(candidateId, run), steps, at: clock.now(), fallback });
      engine.close(run.runId);
    },
  };
}
