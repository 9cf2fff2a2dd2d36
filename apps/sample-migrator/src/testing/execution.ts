import type { StepEvent } from '@loom/domain';
import { noTracing } from '@loom/ports';
import { deliver } from '../outbox/deliverer';
import type { Forge, Work } from '../ports';
import { createMemoryForge, type MemoryForge } from '../ports/memory/memory-forge';
import { createMemoryGitRepositories } from '../ports/memory/memory-git-repositories';
import { createMemoryOutbox } from '../ports/memory/memory-outbox';
import { createMemoryWorkStore } from '../ports/memory/memory-work-store';
import type { ExecuteDeps } from '../work/execute-step';
import { createPullRequests } from '../work/pull-requests';
import { createTakeBack } from '../work/take-back';
import { createFakeLoom } from './fake-loom';
import { dispatchOf, memoryLogger, type MemoryMigrator } from './memory-migrator';
import { APP_FILES, GITOPS, gitopsFiles, REGISTRY } from './world';

const { body, key } = dispatchOf('disable-sync-prune-dev');
/** The work that is executed. */
export const work: Work = { ...body, key, acceptedAt: '2026-01-02T03:04:05.000Z' };
/** When all of it happens. */
export const CLAIMED = Date.parse(work.acceptedAt);

/** Everything that an execution needs, around a forge that may be given a bad day. */
export async function around(change: (forge: MemoryForge) => Partial<Forge> = () => ({})) {
  const repositories = createMemoryGitRepositories();
  repositories.setMain(GITOPS, gitopsFiles());
  repositories.setMain('acme/billing-api', APP_FILES);
  const memory = createMemoryForge();
  const forge: Forge = { ...memory, ...change(memory) };
  const store = createMemoryWorkStore();
  const outbox = createMemoryOutbox();
  const waits: number[] = [];
  const logs: MemoryMigrator['logs'] = [];
  const logger = memoryLogger(logs);
  const now = (): number => CLAIMED;
  const reported = (): void => undefined;
  const turn = () => Promise.resolve(true);
  const wait = (ms: number): Promise<void> => {
    waits.push(ms);
    return Promise.resolve();
  };
  const pullRequests = createPullRequests({
    index: store,
    outbox,
    forge,
    repositories,
    logger,
    now,
    reported,
    turn,
  });
  const deps: ExecuteDeps = {
    ...{ repositories, forge, store, outbox, logger, now, wait, pullRequests },
    takeBack: createTakeBack({ store, pullRequests, logger, now, wait }),
    gitopsRepo: GITOPS,
    chartRegistry: REGISTRY,
  };
  await store.accept(work);
  const loom = createFakeLoom();
  /** Delivers what was reported, and tells what Loom took. */
  const events = async (): Promise<StepEvent[]> => {
    loom.events.length = 0;
    const deliverer = {
      outbox,
      store,
      loom,
      logger,
      tracing: noTracing,
      now,
      random: () => 1,
      concurrency: 1,
    };
    // Of one work, the next is due once the one before is settled.
    const next = async () => (await outbox.claim(CLAIMED, CLAIMED + 1, 1))[0];
    for (let message = await next(); message; message = await next()) await deliver(deliverer, message);
    return loom.events.map(({ event }) => event);
  };
  return { deps, memory, repositories, store, loom, waits, logs, events };
}
