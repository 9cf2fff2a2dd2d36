import { setTimeout as pause } from 'node:timers/promises';
import { LINKS, type Trouble } from '../world/links';
import type { Fault } from '../stage';

const TROUBLES: readonly Trouble[] = ['latency', 'reset', 'black hole', 'answers lost'];
const LEAST_MS = 1_500;
const MORE_MS = 2_500;

export const networkFaults: readonly Fault[] = LINKS.map((link) => ({
  name: `link ${link}`,
  what: 'in turn slow, reset, a black hole, and without answers; for some seconds',
  times: 10,
  async inject({ world, random }, n) {
    const trouble = TROUBLES[n % TROUBLES.length] ?? 'reset';
    const ms = Math.round(LEAST_MS + random() * MORE_MS);
    await world.links.break(link, trouble);
    await pause(ms);
    await world.links.heal();
    return `${trouble} for ${ms} ms`;
  },
}));
