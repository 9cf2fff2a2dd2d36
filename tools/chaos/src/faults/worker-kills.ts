import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, Stage } from '../stage';

const TIMES = 10;
/** Of a kind whose moments are much alike. */
const FEWER_TIMES = 5;
/** For some runs to come to the place that is broken. */
const REACH_MS = 700;
const HELD_POSTS = 5;
const REPORTS_WHILE_DOWN = 3;

async function killAndStart({ world }: Stage): Promise<void> {
  await world.worker.kill();
  await world.worker.start();
}

const beforePost: Fault = {
  name: 'worker killed before the POST',
  what: 'dispatches vanish on the way to the migrator; kill -9 of the worker',
  times: TIMES,
  async inject(stage) {
    await stage.world.links.break('worker→migrator', 'black hole');
    await pause(REACH_MS);
    await stage.world.worker.kill();
    await stage.world.links.heal();
    await stage.world.worker.start();
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

const atAnswer: Fault = {
  name: 'worker killed at an answer',
  what: 'kill -9 of the worker the moment a dispatch is answered',
  times: FEWER_TIMES,
  async inject(stage) {
    await stage.next('an answer', ({ kind }) => kind === 'answered');
    await killAndStart(stage);
    return 'killed at an answer';
  },
};

const atReport: Fault = {
  name: 'worker killed at a report',
  what: 'kill -9 of the worker the moment a report has been taken',
  times: FEWER_TIMES,
  async inject(stage) {
    await stage.next('a report', (one) => one.kind === 'report' && one.status === 202);
    await killAndStart(stage);
    return 'killed at a report';
  },
};

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
    const { links, worker } = stage.world;
    const trouble = n % 2 === 0 ? 'black hole' : 'answers lost';
    await links.break('worker→redis', trouble);
    await pause(REACH_MS);
    await worker.kill();
    await links.heal();
    await worker.start();
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
