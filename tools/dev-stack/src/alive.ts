import { readFileSync } from 'node:fs';

/** Whether a process still runs. One that ended but whose parent never asked (a zombie) does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).charAt(0) !== 'Z';
  } catch {
    // No /proc here, or the process ended between the two questions: the signal's answer stands where it can be asked again.
    return process.platform !== 'linux';
  }
}

/**
 * What tells a process from a later one with the same number: its start, and that of the machine. Empty where /proc
 * does not tell.
 */
export function processBirth(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The fields are counted from behind the name, which may hold anything; the start is the 22nd of all.
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    return `${started}@${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
  } catch {
    return '';
  }
}

/** Sends to a whole process group; false when nobody is left in it. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch {
    return false;
  }
}
