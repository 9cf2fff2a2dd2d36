import { randomUUID } from 'node:crypto';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import {
  DefaultLogger,
  makeTelemetryFilterString,
  NativeConnection,
  Runtime,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { testTemporalAddr } from '@loom/dev-stack';
import {
  RECONCILE_WORKFLOW,
  RUN_WORKFLOW,
  SIGNALS,
  type AddressedStepEvent,
  type AuditContext,
  type CandidateRow,
  type RunManifest,
  type StepDefinition,
  type StepEvent,
} from '@loom/domain';
import {
  releaseHeld,
  type ControlScope,
  type DispatchRequest,
  type ReconcileOrder,
  type ReconcileReport,
} from '@loom/ports';
import {
  createMemoryStores,
  MemoryCallbackSigner,
  MemoryLogger,
  MemoryMetrics,
  MemoryStoreMemory,
} from '@loom/ports/memory';
import { createExecutionCatalog, createTemporalEngine } from '@loom/temporal-engine';
import { createActivities, type RunSettings } from '../activities';
import { createSlowEndpoints } from '../activities/slow-endpoints';
import { createRunWorker } from '../worker';
import { ScriptedMigrator, WAIT_MS } from './scripted-migrator';

/** The run workflow on a real Temporal server, with stores in memory and a scripted migrator. */
export type RunHarness = Awaited<ReturnType<typeof createRunHarness>>;

// Workers come and go by the dozen here; only what goes wrong is of interest.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }), forward: {} } },
});

/** The operator of these tests. */
export const ME: AuditContext = { actor: { id: 'me', role: 'operator' } };

const MIGRATION = 'move';
const APP = 'mover';
const iso = () => new Date().toISOString();

export async function createRunHarness(
  workflowBundle: WorkflowBundleWithSourceMap,
  settings: Partial<RunSettings> = {},
) {
  const address = testTemporalAddr();
  const taskQueue = `test-${randomUUID()}`;
  const stores = createMemoryStores();
  const metrics = new MemoryMetrics();
  const migrator = new ScriptedMigrator();
  let ahead = 0;
  let ticks = 0;
  const clock = { now: () => new Date(Date.now() + ahead).toISOString() };
  const [connection, native] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  const client = new Client({ connection });
  const memory = new MemoryStoreMemory();
  const engine = createTemporalEngine({ client, taskQueue });
  const worker = await createRunWorker({
    connection: native,
    namespace: 'default',
    taskQueue,
    workflowBundle,
    shutdownGraceMs: 500,
    activities: createActivities({
      ...stores,
      notifier: migrator,
      signer: new MemoryCallbackSigner(),
      engine,
      memory,
      newId: randomUUID,
      catalog: createExecutionCatalog({ client, taskQueue }),
      slow: createSlowEndpoints(),
      logger: new MemoryLogger(),
      metrics,
      clock,
      staleAfterMs: { in_progress: 3_600_000, open: 7_200_000 },
      settings: { dispatchBudgetMs: 60_000, continueAsNewEvents: 4000, ...settings },
    }),
  });
  const running = worker.run();
  // Workflow ids are shared by every test on this server, so each harness has a migration of its own.
  const migrationId = `${MIGRATION}-${randomUUID().slice(0, 8)}`;

  async function announce(steps: StepDefinition[]): Promise<void> {
    const definition = {
      id: migrationId,
      name: 'Move',
      description: '',
      migratorApp: APP,
      migratorUrl: 'http://mover.test',
      steps,
    };
    await stores.migrations.announce(definition, iso());
  }

  /** Announces, submits and reserves; the workflow is not started yet. */
  async function reserve(candidateId: string, steps: StepDefinition[]): Promise<RunManifest> {
    await announce(steps);
    await stores.candidates.submit(migrationId, [{ id: candidateId }], iso());
    return reserveAgain(candidateId, steps);
  }

  async function reserveAgain(
    candidateId: string,
    steps: StepDefinition[],
    inputs: Record<string, string> = {},
  ): Promise<RunManifest> {
    const [migration, snapshot] = await Promise.all([
      stores.migrations.get(migrationId),
      stores.reader.snapshot(migrationId, candidateId),
    ]);
    if (migration === undefined || snapshot === undefined) throw new Error('announce and submit first');
    const runId = `${migrationId}__${candidateId}`;
    const reserved = await stores.runs.reserve({
      manifest: {
        runId,
        migrationId,
        candidate: { id: candidateId },
        steps,
        inputs,
        nonce: randomUUID(),
        reservedAt: iso(),
      },
      definitionRevision: migration.revision,
      candidateVersion: snapshot.version,
      from: 'not_started_or_queued',
    });
    if (reserved.outcome !== 'reserved') throw new Error(`not reserved: ${JSON.stringify(reserved)}`);
    return reserved.manifest;
  }

  const open = (manifest: RunManifest): Promise<WorkflowHandle> =>
    client.workflow.start(RUN_WORKFLOW, {
      workflowId: manifest.runId,
      taskQueue,
      args: [manifest],
      memo: { runAttempt: manifest.runAttempt },
      workflowTaskTimeout: '5s',
    });

  return {
    stores,
    metrics,
    migrator,
    client,
    engine,
    migrationId,
    /** As after a FLUSHALL. */
    loseStore: () => {
      stores.lose();
    },
    announce,
    reserve,
    reserveAgain,
    open,

    /** Reserves and starts a run of steps by these names. */
    async start(
      candidateId: string,
      steps: (string | StepDefinition)[],
    ): Promise<{ manifest: RunManifest; handle: WorkflowHandle }> {
      const manifest = await reserve(
        candidateId,
        steps.map((s) => (typeof s === 'string' ? stepOf(s) : s)),
      );
      return { manifest, handle: await open(manifest) };
    },

    /** Runs one tick of the reconciliation, as if `minutes` had passed. */
    async reconcile(minutes: number, order: ReconcileOrder = {}): Promise<ReconcileReport> {
      ahead = minutes * 60_000;
      ticks += 1;
      const workflowId = `reconcile-${randomUUID()}`;
      try {
        return await client.workflow.execute<(order: ReconcileOrder) => Promise<ReconcileReport>>(
          RECONCILE_WORKFLOW,
          { workflowId, taskQueue, args: [order] },
        );
      } finally {
        ticks -= 1;
        if (ticks === 0) ahead = 0;
      }
    },

    /** Pauses the migration, or all of this harness. */
    pause: (scope: ControlScope = { migrationId }) => stores.controls.pause(scope, iso(), ME),

    /** Ends that pause, and tells the held runs as the api does. */
    async resume(scope: ControlScope = { migrationId }): Promise<void> {
      await stores.controls.resume(scope, iso());
      const before = new Date(Date.now() + 1000).toISOString();
      await releaseHeld({ held: stores.held, engine }, { before });
    },

    /** What the migrator of `request` reports. */
    async report(
      request: DispatchRequest,
      event: Partial<StepEvent> & Pick<StepEvent, 'status'>,
      over: Partial<AddressedStepEvent> = {},
    ): Promise<void> {
      const { stepName, runAttempt, stepIndex, attempt } = request;
      const payload: AddressedStepEvent = {
        stepName,
        candidateId: request.candidate.id,
        runAttempt,
        stepIndex,
        attempt,
        ...event,
        ...over,
      };
      await client.workflow.getHandle(request.runId).signal(SIGNALS.stepEvent, payload);
    },

    /** The row as soon as it fits; fails after a while with what it is instead. */
    async row(candidateId: string, fits: (row: CandidateRow) => boolean): Promise<CandidateRow> {
      const signal = AbortSignal.timeout(WAIT_MS);
      let position = await stores.events.position({ migrationId });
      for (;;) {
        const row = await stores.candidates.get(migrationId, candidateId);
        if (row !== undefined && fits(row)) return row;
        if (signal.aborted) throw new Error(`waited in vain; the row is ${JSON.stringify(row)}`);
        ({ position } = await stores.events.read({ migrationId }, position, {
          limit: 100,
          waitMs: WAIT_MS,
          signal,
        }));
      }
    },

    async close(): Promise<void> {
      worker.shutdown();
      await running;
      await Promise.all([connection.close(), native.close()]);
    },
  };
}

/** A plain step of the harness's own migrator. */
export function stepOf(name: string, over: Partial<StepDefinition> = {}): StepDefinition {
  return { name, migratorApp: APP, ...over };
}
