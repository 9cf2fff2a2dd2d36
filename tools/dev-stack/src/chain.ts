import { DevStackError } from './errors';

/** What one link of a chain came to: something found, with a line that says so, or the reason why not. */
export type Attempt<T> = { found: T; says: string } | { passed: string };

export interface Link<T> {
  /** How the last error names it. */
  name: string;
  /** Bounded in time. Throws DevStackError only where going on would hide a mistake of the person's. */
  attempt: () => Promise<Attempt<T>>;
}

export interface ChainOptions {
  /** What is looked for: `Temporal`, `Redis`. */
  what: string;
  report: (line: string) => void;
  /** The last line of the error: the shortest way out. */
  advice: string;
  now?: () => number;
}

/** Above this, passing on is worth a line of its own: the person has seen nothing happen. */
const WORTH_A_LINE_MS = 1_500;

/**
 * Tries the links in order and returns what the first fitting one found.
 * @throws DevStackError naming every link and why it did not fit.
 */
export async function firstThatFits<T>(links: readonly Link<T>[], options: ChainOptions): Promise<T> {
  const { what, report, advice, now = Date.now } = options;
  const reasons: string[] = [];
  for (const { name, attempt } of links) {
    const started = now();
    const outcome = await attempt();
    if ('found' in outcome) {
      report(`${what}: ${outcome.says}`);
      return outcome.found;
    }
    reasons.push(`  ${name}: ${outcome.passed}`);
    if (now() - started > WORTH_A_LINE_MS) report(`${what}: not by ${name} (${outcome.passed})`);
  }
  throw new DevStackError(
    [`no ${what} was found, and none could be obtained. Tried, in this order:`, ...reasons, advice].join(
      '\n',
    ),
  );
}
