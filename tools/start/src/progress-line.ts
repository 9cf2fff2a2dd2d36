import type { Counts } from '@loom/api-types';

const WIDTH = 40;

/** One line: a bar of completed candidates, and what the others are about. */
export function progressLine(counts: Counts, merged: number): string {
  const share = counts.total === 0 ? 0 : counts.completed / counts.total;
  const bar = '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░');
  const attention = counts.attention > 0 ? `, ${counts.attention} need attention` : '';
  return `${bar} ${counts.completed}/${counts.total} completed, ${counts.running} running, ${merged} merged${attention}`;
}

export interface ProgressDisplay {
  show: (line: string) => void;
  /** A line that stays, above the progress. */
  note: (line: string) => void;
  end: () => void;
}

/** Shows the newest line: over the last one on a terminal, else as a line of its own when it is news and not too soon. */
export function createProgressDisplay(out: NodeJS.WriteStream, everyMs = 2000): ProgressDisplay {
  let shown = '';
  let at = 0;
  return {
    show: (line) => {
      if (line === shown) return;
      if (out.isTTY) out.write(`\r\x1b[K${line}`);
      else if (Date.now() - at >= everyMs) out.write(`${line}\n`);
      else return;
      shown = line;
      at = Date.now();
    },
    note: (line) => {
      out.write(out.isTTY ? `\r\x1b[K${line}\n${shown}` : `${line}\n`);
    },
    end: () => {
      if (out.isTTY && shown !== '') out.write('\n');
    },
  };
}
