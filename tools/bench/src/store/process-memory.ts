import { residentMib } from '../process-facts';

const EVERY_MS = 50;

/** Follows the resident memory of a process (Linux only); `stop` tells the most, in MiB. */
export function watchedMemory(pid: number): { stop: () => number } {
  let most = 0;
  const look = () => {
    most = Math.max(most, residentMib(pid));
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    stop: () => {
      look();
      clearInterval(timer);
      return most;
    },
  };
}
