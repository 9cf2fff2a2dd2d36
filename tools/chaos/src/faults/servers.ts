import { setTimeout as pause } from 'node:timers/promises';
import { freezeServer } from '../world/signals';
import type { Fault } from '../stage';

const TIMES = 10;
const FREEZE_LEAST_MS = 2_000;
const FREEZE_MORE_MS = 4_000;

const temporalKilled: Fault = {
  name: 'temporal killed',
  what: 'kill -9 of Temporal, and its start on the same database',
  times: TIMES,
  async inject({ world }) {
    await world.temporal.kill();
    await world.temporal.restart();
    return 'killed and started again';
  },
};

const redisKilled: Fault = {
  name: 'redis killed',
  what: 'kill -9 of Redis, and its start on the same append-only file',
  times: TIMES,
  async inject({ world }) {
    await world.redis.kill();
    await world.redis.restart();
    return 'killed and started again';
  },
};

/** Long enough for every timeout of a call to pass, or for none: both have to be survived. */
function frozen(
  name: string,
  freeze: (world: Parameters<Fault['inject']>[0]['world'], ms: number, n: number) => Promise<void>,
): Fault {
  return {
    name: `${name} frozen`,
    what: `SIGSTOP of the ${name}, SIGCONT after ${FREEZE_LEAST_MS / 1000} to ${(FREEZE_LEAST_MS + FREEZE_MORE_MS) / 1000} s`,
    times: TIMES,
    async inject({ world, random }, n) {
      const ms = Math.round(FREEZE_LEAST_MS + random() * FREEZE_MORE_MS);
      await freeze(world, ms, n);
      return `frozen for ${ms} ms`;
    },
  };
}

async function freezeProgram(program: { freeze(): void; thaw(): void }, ms: number): Promise<void> {
  program.freeze();
  try {
    await pause(ms);
  } finally {
    program.thaw();
  }
}

export const serverFaults: readonly Fault[] = [
  temporalKilled,
  redisKilled,
  frozen('worker', ({ worker }, ms) => freezeProgram(worker, ms)),
  frozen('api', ({ apis }, ms, n) => freezeProgram(apis[n % 2 === 0 ? 0 : 1], ms)),
  frozen('redis', ({ redis }, ms) => freezeServer(redis, ms)),
  frozen('temporal', ({ temporal }, ms) => freezeServer(temporal, ms)),
];
