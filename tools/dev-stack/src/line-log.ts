import picocolors from 'picocolors';

export interface LineLogOptions {
  write?: (text: string) => void;
  /** Default: what picocolors finds out (NO_COLOR, FORCE_COLOR, a terminal). */
  colour?: boolean;
  /** Names known beforehand, so that the first lines are already aligned with the later ones. */
  names?: readonly string[];
}

export interface LineLog {
  /** Prints one line of `name`, behind its prefix. */
  line: (name: string, text: string) => void;
}

const PALETTE = ['cyan', 'magenta', 'green', 'yellow', 'blue', 'red'] as const;

/** Lines of several programs in one stream: an aligned prefix each, in its own colour. */
export function createLineLog(options: LineLogOptions = {}): LineLog {
  const write = options.write ?? ((text: string) => void process.stdout.write(text));
  const colours = picocolors.createColors(options.colour ?? picocolors.isColorSupported);
  const known: string[] = [...(options.names ?? [])];
  return {
    line(name, text) {
      if (!known.includes(name)) known.push(name);
      const width = Math.max(...known.map(({ length }) => length));
      const paint = colours[PALETTE[known.indexOf(name) % PALETTE.length] ?? 'cyan'];
      write(`${paint(name.padEnd(width))} ${colours.dim('│')} ${text}\n`);
    },
  };
}

/** Cuts a stream of chunks into lines; `flush` gives the last one, which had no line end. */
export function createLineCutter(onLine: (line: string) => void): {
  push(chunk: string): void;
  flush(): void;
} {
  let rest = '';
  return {
    push(chunk) {
      const lines = (rest + chunk).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    },
    flush() {
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}
