import type { LoomClient } from '@loom/api-types';
import { waitUntil } from '@loom/dev-stack';
import type { Dispatched, FuzzMigrator } from './fuzz-migrator';

/** What a generated request takes over, where it is not meant to be invalid there. */
export interface Fixture {
  path?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
}

/** Prepares a resource in a state that an operation works on. */
export interface Fixtures {
  prepare(operation: string): Promise<Fixture>;
}

export interface FixtureDeps {
  loom: LoomClient;
  migrator: FuzzMigrator;
}

const STEPS = ['first', 'second'];

/** The migration that the prepared resources belong to; generated announcements make others. */
export const FUZZ_MIGRATION = 'fuzz-migration';

export async function createFixtures({ loom, migrator }: FixtureDeps): Promise<Fixtures> {
  await announce(loom, migrator, FUZZ_MIGRATION);
  const candidates = createCandidates(loom, migrator);
  const prepared: Record<string, () => Promise<Fixture>> = {
    ...aboutRuns(candidates),
    ...ofMigrator(migrator.url),
    ...aboutArchives(loom, migrator),
    getCandidate: async () => at(await candidates.submitted()),
    listAttempts: async () => at((await candidates.running()).candidateId),
    dryRunCandidate: async () => at(await candidates.submitted()),
    dryRunMigration: async () => ({
      path: { id: FUZZ_MIGRATION },
      body: { candidateId: await candidates.submitted() },
    }),
  };
  const calls = new Map<string, number>();
  return {
    async prepare(operation) {
      const fixture = await (prepared[operation] ?? inMigration)();
      const nth = (calls.get(operation) ?? 0) + 1;
      calls.set(operation, nth);
      // What was generated has its turn too: it reaches the checks behind the contract's own.
      if (nth % 3 === 0) delete fixture.body;
      return fixture;
    },
  };
}

type Candidates = ReturnType<typeof createCandidates>;

function aboutRuns(candidates: Candidates): Record<string, () => Promise<Fixture>> {
  let doesWait = false;
  return {
    startCandidate: async () => at(await candidates.submitted()),
    queueCandidate: async () => at(await candidates.submitted()),
    dequeueCandidate: async () => at(await candidates.queued()),
    executeCandidate: async () => at(await candidates.queued()),
    cancelCandidate: async () => at((await candidates.running()).candidateId),
    resetCandidate: async () => ({ ...at(await candidates.completed()), body: { reason: 'wanted' } }),
    updateInputs: async () => ({ ...at(await candidates.queued()), body: { inputs: {} } }),
    listAttempts: async () => at((await candidates.running()).candidateId),
    listAttention: async () => {
      if (!doesWait) await candidates.failed();
      doesWait = true;
      return {};
    },
    listAudit: () => Promise.resolve({ query: { migrationId: FUZZ_MIGRATION } }),
    exportAudit: () => Promise.resolve({ query: { migrationId: FUZZ_MIGRATION } }),
    getSteps: async () => at((await candidates.running()).candidateId),
    retryStep: async () => {
      const { candidateId, stepName } = await candidates.failed();
      return { ...at(candidateId), body: { stepName } };
    },
    raiseEvent: async () => {
      const { callbackId, candidateId, stepName } = await candidates.running();
      return { path: { callbackId }, body: { stepName, candidateId, status: 'open' } };
    },
  };
}

/** The sample migrator takes work of any migration; what it cannot do it reports as failed. */
function ofMigrator(migratorUrl: string): Record<string, () => Promise<Fixture>> {
  let made = 0;
  const run = () => {
    made += 1;
    const candidateId = `m-${made}`;
    return { runId: `${FUZZ_MIGRATION}__${candidateId}`, runAttempt: 1, candidateId };
  };
  return {
    dispatchStep: () => {
      const { candidateId, ...of } = run();
      const [stepName = ''] = STEPS;
      const step = { migrationId: FUZZ_MIGRATION, stepName, stepIndex: 0, attempt: 1 };
      const names = { callbackId: `x~${made}`, eventName: 'x', migratorApp: 'fuzz', migratorUrl };
      return Promise.resolve({ body: { ...of, ...step, ...names, candidate: { id: candidateId } } });
    },
    cancelStep: () => Promise.resolve({ body: { ...run(), steps: [] } }),
    dryRunSteps: () =>
      Promise.resolve({ body: { migrationId: FUZZ_MIGRATION, candidate: { id: 'x' }, steps: [] } }),
  };
}

function at(candidateId: string): Fixture {
  return { path: { id: FUZZ_MIGRATION, cid: candidateId } };
}

function inMigration(): Promise<Fixture> {
  return Promise.resolve({ path: { id: FUZZ_MIGRATION } });
}

/** Each of a migration of its own: the others must go on. */
function aboutArchives(loom: LoomClient, migrator: FuzzMigrator): Record<string, () => Promise<Fixture>> {
  let made = 0;
  const another = async (): Promise<string> => {
    made += 1;
    const id = `${FUZZ_MIGRATION}-${made}`;
    await announce(loom, migrator, id);
    return id;
  };
  return {
    archiveMigration: async () => ({ path: { id: await another() } }),
    unarchiveMigration: async () => {
      const id = await another();
      await loom.migrations.archiveMigration({ id });
      return { path: { id } };
    },
  };
}

async function announce(loom: LoomClient, migrator: FuzzMigrator, id: string): Promise<void> {
  await loom.registry.announceMigration({
    requestBody: {
      id,
      name: 'Fuzz',
      description: '',
      migratorApp: 'fuzz',
      migratorUrl: migrator.url,
      steps: STEPS.map((name) => ({ name, migratorApp: 'fuzz' })),
    },
  });
}

/** What an earlier request has paused or limited would keep this one from starting anything. */
async function letStart(loom: LoomClient): Promise<void> {
  await loom.controls.resumeAll();
  await loom.controls.resumeMigration({ id: FUZZ_MIGRATION });
  await loom.controls.limitAll({ requestBody: { maxRunning: null } });
  await loom.controls.limitMigration({ id: FUZZ_MIGRATION, requestBody: { maxRunning: null } });
}

/** Each call makes a new candidate, so that no request depends on an earlier one. */
function createCandidates(loom: LoomClient, migrator: FuzzMigrator) {
  let made = 0;
  const id = FUZZ_MIGRATION;
  const submitted = async (): Promise<string> => {
    made += 1;
    await letStart(loom);
    const cid = `c-${made}`;
    await loom.candidates.submitCandidates({ id, requestBody: { candidates: [{ id: cid }] } });
    return cid;
  };
  const running = async () => {
    const cid = await submitted();
    const dispatched = migrator.dispatchOf(cid);
    // Where the start is refused, that is what the caller is told.
    dispatched.catch(() => undefined);
    await loom.runs.startCandidate({ id, cid });
    return await dispatched;
  };
  return {
    submitted,
    running,
    async queued(): Promise<string> {
      const cid = await submitted();
      await loom.runs.queueCandidate({ id, cid });
      return cid;
    },
    async completed(): Promise<string> {
      const first = await running();
      const { candidateId: cid } = first;
      const report = ({ callbackId, stepName }: Dispatched) =>
        loom.registry.raiseEvent({
          callbackId,
          requestBody: { stepName, candidateId: cid, status: 'completed' },
        });
      const second = migrator.dispatchOf(cid);
      await report(first);
      await report(await second);
      const isCompleted = async () =>
        (await loom.candidates.getCandidate({ id, cid })).status === 'completed';
      await waitUntil(`${cid} completed`, isCompleted, { timeoutMs: 30_000, everyMs: 10 });
      return cid;
    },
    async failed() {
      const dispatched = await running();
      const { callbackId, candidateId: cid, stepName } = dispatched;
      const event = { stepName, candidateId: cid, status: 'failed' as const, reason: 'wanted' };
      await loom.registry.raiseEvent({ callbackId, requestBody: event });
      const needsAttention = async () =>
        (await loom.candidates.getCandidate({ id, cid })).attention?.kind === 'step_failed';
      await waitUntil(`${cid} failed`, needsAttention, { timeoutMs: 30_000, everyMs: 10 });
      return dispatched;
    },
  };
}
