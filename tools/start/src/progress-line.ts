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
  /** The last line of one progress, which stays. */
  done: (line: string) => void;
  /** A line that stays, above the progress. */
  note: (line: string) => void;
  /** Text of whole lines, which go where notes go. */
  write: (text: string) => void;
  end: () => void;
}

const CLEAR = '\r\x1b[K';

/** Shows the newest line: over the last one on a terminal, else as a line of its own when it is news and not too soon. */
export function createProgressDisplay(out: NodeJS.WriteStream, everyMs = 2000): ProgressDisplay {
  let shown = '';
  let at = 0;
  const inPlace = () => out.isTTY && shown !== '';
  const write = (text: string): void => {
    out.write(inPlace() ? `${CLEAR}${text}${shown}` : text);
  };
  const end = (): void => {
    if (inPlace()) out.write('\n');
    shown = '';
    at = 0;
  };
  return {
    show: (line) => {
      // A line that wraps could not be written over.
      const text = out.isTTY ? line.slice(0, (out.columns || Number.POSITIVE_INFINITY) - 1) : line;
      if (text === shown) return;
      if (out.isTTY) out.write(`${CLEAR}${text}`);
      else if (Date.now() - at >= everyMs) out.write(`${text}\n`);
      else return;
      shown = text;
      at = Date.now();
    },
    done: (line) => {
      if (out.isTTY) out.write(`${CLEAR}${line}\n`);
      else if (line !== shown) out.write(`${line}\n`);
      shown = '';
      at = 0;
    },
    note: (line) => {
      write(`${line}\n`);
    },
    write,
    end,
  };
}
