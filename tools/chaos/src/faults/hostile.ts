import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createLoomClient } from '@loom/api-types';
import { waitUntil } from '@loom/dev-stack';
import type { Fault, Stage } from '../stage';
import { startHostileMigrator, VICES, type HostileMigrator } from './hostile-migrator';

const VICTIMS = 15;
const REACHED_LIMIT_MS = 30_000;
/** Of other migrations' runs, while it goes on. */
const MOVE_LIMIT_MS = 30_000;
const CANCEL_LIMIT_MS = 60_000;
/** Ten answers of 100 MB would be above it. */
const WORKER_MOST_MB = 700;

/** A migration whose migrator is hostile, beside the campaign, which has to go on as if it were not there. */
const hostile: Fault = {
  name: 'hostile migrator',
  what: `${VICTIMS} runs whose migrator is, in turn: ${VICES.join(', ')}; then they are cancelled`,
  times: 10,
  async inject(stage, n) {
    const vice = VICES[n % VICES.length] ?? 'silence';
    const migrator = await startHostileMigrator(vice);
    try {
      const tookMs = await besideIt(stage, migrator, vice);
      return `${vice}: ${migrator.dispatches()} dispatches; all others moved within ${(tookMs / 1000).toFixed(1)} s`;
    } finally {
      await migrator.close();
    }
  },
};

async function besideIt(stage: Stage, migrator: HostileMigrator, vice: string): Promise<number> {
  const { world, campaign, wrong } = stage;
  const id = `hostile-${randomUUID().slice(0, 8)}`;
  const client = createLoomClient({ baseUrl: world.apis[0].url });
  const candidates = Array.from({ length: VICTIMS }, (_, i) => ({ id: `v-${i}` }));
  const steps = [{ name: 'only', migratorApp: id }];
  const migration = { id, name: id, description: '', migratorApp: id, migratorUrl: migrator.url, steps };
  await client.registry.announceMigration({ requestBody: { ...migration, candidates } });
  await Promise.all(candidates.map((one) => client.runs.startCandidate({ id, cid: one.id })));
  const reached = (): Promise<boolean> => Promise.resolve(migrator.dispatches() > 0);
  await waitUntil(`a dispatch that meets ${vice}`, reached, { timeoutMs: REACHED_LIMIT_MS });

  const at = performance.now();
  const before = new Map(campaign.moving().map((runId) => [runId, campaign.progress(runId)]));
  const moved = (): Promise<boolean> =>
    Promise.resolve([...before].every(([runId, progress]) => campaign.progress(runId) > progress));
  await waitUntil('other migrations', moved, { timeoutMs: MOVE_LIMIT_MS }).catch(() => {
    wrong(`${vice}: another migration's run did not move for ${MOVE_LIMIT_MS / 1000} s`);
  });
  const tookMs = performance.now() - at;
  const worker = await residentMb(world.worker.pid());
  if (worker > WORKER_MOST_MB) wrong(`${vice}: the worker takes ${worker} MB`);
  const { candidates: victims } = await client.candidates.listCandidates({ id });
  if (victims.some(({ status }) => status === 'completed')) wrong(`${vice}: a run of it was completed`);
  await endAll(stage, id, candidates);
  return tookMs;
}

/** A cancel is final, whatever the migrator does. */
async function endAll({ world }: Stage, id: string, candidates: readonly { id: string }[]): Promise<void> {
  const client = createLoomClient({ baseUrl: world.apis[1].url });
  await Promise.all(candidates.map((one) => client.runs.cancelCandidate({ id, cid: one.id })));
  const ended = async (): Promise<boolean> =>
    (await client.migrations.getMigration({ id })).counts.not_started === candidates.length;
  await waitUntil(`the cancels of ${id}`, ended, { timeoutMs: CANCEL_LIMIT_MS, everyMs: 200 });
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024);
}

export const hostiles: readonly Fault[] = [hostile];
