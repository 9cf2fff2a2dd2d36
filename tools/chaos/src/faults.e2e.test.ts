import { createProcessGroup, isAlive, testRedisProgram, testTemporalProgram } from '@loom/dev-stack';
import { FAULTS } from './faults';
import { runFault, type FaultRun, type Outcome } from './run-fault';
import type { Fault } from './stage';
import { plainLinks } from './world/links';
import { startWorld, type World } from './world/world';

/** The long set, `npm run test:chaos`, has every fault ten times and more. */
const SHORT: FaultRun = { seed: 1, times: 1, moving: 24, atLeast: 20, steps: 2, say: () => undefined };
const CLEAN = { lost: [], duplicated: [], stuck: [], wrong: [] };

const unexpected: string[] = [];
const group = createProcessGroup({ onUnexpectedExit: ({ name }) => unexpected.push(name) });
const links = plainLinks();
let world: World;

beforeAll(async () => {
  const binaries = { redis: testRedisProgram(), temporal: testTemporalProgram() };
  world = await startWorld({ group, binaries, links, directory: group.temporaryDirectory('loom-chaos-') });
}, 120_000);

afterAll(async () => {
  const pids = group.pids();
  await group.stopAll();
  await links.close();
  expect(pids.filter(isAlive)).toEqual([]);
  expect(pids.length).toBeGreaterThanOrEqual(6);
  expect(unexpected).toEqual([]);
});

function named(name: string): Fault {
  const fault = FAULTS.find((one) => one.name === name);
  if (fault === undefined) throw new Error(`no fault is called ${name}`);
  return fault;
}

async function inject(fault: Fault): Promise<Outcome> {
  const outcome = await runFault(world, fault, SHORT);
  expect(outcome.leastMoving).toBeGreaterThanOrEqual(20);
  return outcome;
}

it('the checker sees an effect that the migrator left out of its ledger, and one that it did twice', async () => {
  const cheating: Fault = {
    name: 'a migrator that cheats',
    what: '',
    times: 1,
    async inject(stage) {
      await world.migrator.set({ swallow: 1, double: 1 });
      await stage.next('a doubled effect', (one) => one.kind === 'post' && one.digest === 'of another body');
      return 'cheated';
    },
  };
  const { verdict } = await inject(cheating);
  expect(verdict).toMatchObject({ stuck: [], wrong: [] });
  expect(verdict.lost).toEqual([expect.stringMatching(/\/1\/\d\/1: the migrator never saw it$/)]);
  expect(verdict.duplicated).toEqual([
    expect.stringMatching(/\/1\/\d\/1: sent 2 times, with different bodies$/),
  ]);
});

it.each(['api killed after the signal', 'callback storm', 'temporal killed', 'redis killed'])(
  '%s: nothing is lost, duplicated or stuck',
  async (name) => {
    const { verdict, recoveries } = await inject(named(name));
    expect(verdict).toMatchObject(CLEAN);
    expect(recoveries).toHaveLength(1);
  },
);
