import { setTimeout as pause } from 'node:timers/promises';
import type { LedgerEntry } from '../oracle/ledger';
import type { Fault, Stage } from '../stage';
import type { LinkName, Trouble } from '../world/links';

const TIMES = 10;
/** For some runs to come to the place that is broken. */
const REACH_MS = 700;
const HELD_POSTS = 5;
const REPORTS_WHILE_DOWN = 3;

/** Breaks a link, gives runs time to come to it, and kills the worker while it is broken. */
async function killBehind({ world }: Stage, link: LinkName, trouble: Trouble): Promise<void> {
  await world.links.break(link, trouble);
  await pause(REACH_MS);
  await world.worker.kill();
  await world.links.heal();
  await world.worker.start();
}

/** A kill of the worker the moment something happens. */
function killAt(moment: string, what: string, fits: (entry: LedgerEntry) => boolean): Fault {
  return {
    name: `worker killed at ${moment}`,
    what: `kill -9 of the worker the moment ${what}`,
    times: TIMES,
    async inject(stage) {
      await stage.next(moment, fits);
      await stage.world.worker.kill();
      await stage.world.worker.start();
      return `killed at ${moment}`;
    },
  };
}

const beforePost: Fault = {
  name: 'worker killed before the POST',
  what: 'dispatches vanish on the way to the migrator; kill -9 of the worker',
  times: TIMES,
  async inject(stage) {
    await killBehind(stage, 'worker→migrator', 'black hole');
    return 'killed with POSTs that never arrived';
  },
};

const afterPost: Fault = {
  name: 'worker killed after the POST',
  what: 'the migrator has taken dispatches and answers none; kill -9 of the worker',
  times: TIMES,
  async inject(stage) {
    const { migrator, worker } = stage.world;
    await migrator.set({ holdAnswers: true });
    let posts = 0;
    await stage.next('held dispatches', ({ kind }) => kind === 'post' && (posts += 1) >= HELD_POSTS);
    await worker.kill();
    await migrator.set({ holdAnswers: false });
    await worker.start();
    return `killed with ${posts} POSTs taken and not answered`;
  },
};

const atAnswer = killAt('an answer', 'a dispatch is answered', ({ kind }) => kind === 'answered');

const atReport = killAt('a report', 'a report has been taken', (one) => {
  return one.kind === 'report' && one.status === 202;
});

const waiting: Fault = {
  name: 'worker killed while waiting',
  what: 'all runs wait for reports, which come while the worker is dead',
  times: TIMES,
  async inject(stage) {
    const { migrator, worker } = stage.world;
    await migrator.set({ holdReports: true });
    await pause(REACH_MS * 3);
    await worker.kill();
    let reports = 0;
    const reported = stage.next(
      'reports without a worker',
      (one) => one.kind === 'report' && one.status === 202 && (reports += 1) >= REPORTS_WHILE_DOWN,
    );
    await migrator.set({ holdReports: false });
    await reported;
    await worker.start();
    return `${reports} reports came without a worker`;
  },
};

const unprojected: Fault = {
  name: 'worker killed before the projection',
  what: 'writes to the store, or its answers, vanish; kill -9 of the worker',
  times: TIMES,
  async inject(stage, n) {
    const trouble = n % 2 === 0 ? 'black hole' : 'answers lost';
    await killBehind(stage, 'worker→redis', trouble);
    return `killed with ${trouble === 'black hole' ? 'writes' : 'answers of the store'} on the way`;
  },
};

export const workerKills: readonly Fault[] = [
  beforePost,
  afterPost,
  atAnswer,
  atReport,
  waiting,
  unprojected,
];
