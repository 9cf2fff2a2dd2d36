import { setTimeout as pause } from 'node:timers/promises';
import type { Trouble } from '../world/links';
import type { Fault } from '../stage';

const REACH_MS = 700;

/** Both replicas lose their link; the one that is killed has asked Temporal and heard nothing. */
function killed(name: string, what: string, trouble: Trouble): Fault {
  return {
    name,
    what,
    times: 10,
    async inject({ world }, n) {
      const api = world.apis[n % 2 === 0 ? 0 : 1];
      await world.links.break('api→temporal', trouble);
      await pause(REACH_MS);
      await api.kill();
      await world.links.heal();
      await api.start();
      return `${api.name} killed`;
    },
  };
}

export const apiKills: readonly Fault[] = [
  killed(
    'api killed after the signal',
    'Temporal has the signal, the api not its answer; kill -9 of the api; the report is repeated',
    'answers lost',
  ),
  killed(
    'api killed after the reservation',
    'a run is reserved and its start never reaches Temporal; kill -9 of the api',
    'black hole',
  ),
];
