import { readFileSync } from 'node:fs';

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

function residentMib(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib ?? 0) / 1024;
}
