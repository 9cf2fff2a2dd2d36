import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isAlive } from '../alive';

/** tsx's compiler: not started by what is tested, and it ends by itself when its pipe closes. */
const COMPILER = /esbuild.*--service/s;

/**
 * Every living process whose environment or working directory names `marker`. What a program starts inherits its
 * environment, so this finds all it has left, however far removed, and nothing else. Redis overwrites its environment
 * with its title: it is found by its directory.
 */
export function processesMarked(marker: string): number[] {
  const pids = existsSync('/proc/self/environ') ? fromProc(marker) : fromPs(marker);
  return pids.filter(isAlive);
}

function fromProc(marker: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const named = (pid: string) =>
    orNothing(() => readFileSync(`/proc/${pid}/environ`, 'utf8')).includes(marker) ||
    orNothing(() => readlinkSync(`/proc/${pid}/cwd`)).includes(marker);
  const compiles = (pid: string) =>
    COMPILER.test(orNothing(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')));
  return pids.filter((pid) => named(pid) && !compiles(pid)).map(Number);
}

/** A process may end between being listed and being asked. */
function orNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

function fromPs(marker: string): number[] {
  const rows = execFileSync('ps', ['-A', '-E', '-ww', '-o', 'pid=,command='], { encoding: 'utf8' }).split(
    '\n',
  );
  const found = rows.filter((row) => row.includes(marker) && !COMPILER.test(row));
  return found.map((row) => Number.parseInt(row, 10));
}
