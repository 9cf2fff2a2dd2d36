import { readFileSync } from 'node:fs';

/** Of `/proc/<pid>/stat`, in which time is counted in hundredths of a second on every Linux. */
const TICKS_A_SECOND = 100;
const UTIME = 11;
const STIME = 12;

/** Seconds of processor time that a process has had so far. Linux only. */
export function cpuSeconds(pid: number): number {
  // The name, in brackets, may hold blanks; fields are counted behind it.
  const [, after = ''] = /\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
  const fields = after.split(' ');
  return (Number(fields[UTIME]) + Number(fields[STIME])) / TICKS_A_SECOND;
}

/** Resident memory, MiB. Linux only. */
export function residentMib(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib ?? 0) / 1024;
}
