import { setTimeout as pause } from 'node:timers/promises';
import { createLoomClient } from '@loom/api-types';
import { waitUntil } from '@loom/dev-stack';
import type { Promised } from './oracle/evidence';
import type { LedgerEntry } from './oracle/ledger';
import type { World } from './world/world';

/** One migration under way: as many runs as wanted move, and each that ends is followed by the next. */
export interface Campaign {
  readonly migrationId: string;
  readonly promised: ReadonlyMap<string, Promised>;
  /** What was wrong on the way. */
  readonly wrong: string[];
  /** Runs that were promised and have not ended. */
  moving(): string[];
  /** Distinct effects of a run so far; the end of the run counts as one. */
  progress(runId: string): number;
  /** Announces the migration with all its candidates, as its migrator does after a loss. */
  announce(): Promise<void>;
  /** No further run is started until `goOn`; resolves when all that were asked for are promised. */
  hold(): Promise<void>;
  goOn(): void;
  /** The same for good. */
  stopFeeding(): Promise<void>;
}

export interface CampaignOptions {
  migrationId: string;
  /** Candidates; no more runs than that. */
  size: number;
  steps: number;
  /** Runs that move at once. */
  moving: number;
}

const START_ANSWER_MS = 5_000;
const START_GIVE_UP_MS = 150_000;
const ANNOUNCE_LIMIT_MS = 60_000;
const FEED_EVERY_MS = 50;
const TRY_AGAIN_MS = 200;

export async function beginCampaign(world: World, options: CampaignOptions): Promise<Campaign> {
  const { migrationId } = options;
  const steps = Array.from({ length: options.steps }, (_, i) => `step-${i}`);
  const candidates = Array.from({ length: options.size }, (_, i) => `c-${i}`);
  const all = [...candidates];
  const announceAll = (): Promise<void> => announce(world, migrationId, steps, all);
  await announceAll();
  const promised = new Map<string, Promised>();
  const wrong: string[] = [];
  const track = trackProgress(world, migrationId, steps.length);
  const feeding = new AbortController();
  const asked = new Set<Promise<void>>();
  const held = { on: false };
  const moving = (): string[] => [...promised.keys()].filter((runId) => !track.ended.has(runId));

  async function start(candidateId: string): Promise<void> {
    const runAttempt = await startUntilAnswered(world, migrationId, candidateId);
    const runId = `${migrationId}__${candidateId}`;
    if (typeof runAttempt === 'number') promised.set(runId, { runId, runAttempt, steps });
    else wrong.push(`the start of ${candidateId}: ${runAttempt}`);
  }

  const feeder = (async () => {
    while (!feeding.signal.aborted && candidates.length > 0) {
      while (!held.on && moving().length + asked.size < options.moving && candidates.length > 0) {
        const one: Promise<void> = start(candidates.shift() ?? '').finally(() => asked.delete(one));
        asked.add(one);
      }
      await pause(FEED_EVERY_MS);
    }
  })();
  return {
    migrationId,
    promised,
    wrong,
    moving,
    progress: track.progress,
    announce: announceAll,
    async hold() {
      held.on = true;
      await Promise.all(asked);
    },
    goOn() {
      held.on = false;
    },
    async stopFeeding() {
      feeding.abort();
      await feeder;
      await Promise.all(asked);
    },
  };
}

async function announce(world: World, id: string, steps: string[], candidates: string[]): Promise<void> {
  const requestBody = {
    id,
    name: id,
    description: '',
    migratorApp: id,
    migratorUrl: world.migratorUrl,
    steps: steps.map((name) => ({ name, migratorApp: id })),
    candidates: candidates.map((candidate) => ({ id: candidate })),
  };
  const client = createLoomClient({ baseUrl: world.apis[0].url });
  const done = (): Promise<unknown> => client.registry.announceMigration({ requestBody });
  await waitUntil(`the announcement of ${id}`, done, { timeoutMs: ANNOUNCE_LIMIT_MS, everyMs: TRY_AGAIN_MS });
}

/** Asks each api in turn with one idempotency key, until one of them promises a run attempt, or refuses. */
async function startUntilAnswered(world: World, migrationId: string, cid: string): Promise<number | string> {
  const end = Date.now() + START_GIVE_UP_MS;
  let last = '';
  for (let turn = Number(cid.slice(2)); Date.now() < end; turn += 1) {
    const api = world.apis[turn % 2]?.url ?? '';
    try {
      const answer = await fetch(`${api}/migrations/${migrationId}/candidates/${cid}/start`, {
        method: 'POST',
        headers: { 'idempotency-key': `${migrationId}/${cid}` },
        signal: AbortSignal.timeout(START_ANSWER_MS),
      });
      const body = await answer.text();
      if (answer.status === 202) return (JSON.parse(body) as { attempt: number }).attempt;
      if (answer.status !== 503) return `answered ${answer.status} ${body}`;
      last = body;
    } catch (error) {
      last = String(error);
    }
    await pause(TRY_AGAIN_MS);
  }
  return `no answer within ${START_GIVE_UP_MS / 1000} s (last: ${last})`;
}

/** What the migrator writes down of one migration's runs, as it is written. */
function trackProgress({ migrator }: World, migrationId: string, steps: number) {
  const effects = new Map<string, Set<string>>();
  const ended = new Set<string>();
  migrator.watch((entry: LedgerEntry) => {
    if (!entry.key.startsWith(`${migrationId}__`)) return;
    const [runId = '', , stepIndex] = entry.key.split('/');
    if (entry.kind === 'post') effects.set(runId, (effects.get(runId) ?? new Set()).add(entry.key));
    const isEnd =
      entry.kind === 'report' && entry.status === 202 && !entry.stray && entry.said === 'completed';
    if (isEnd && Number(stepIndex) === steps - 1) ended.add(runId);
  });
  return {
    ended,
    progress: (runId: string) => (effects.get(runId)?.size ?? 0) + Number(ended.has(runId)),
  };
}
