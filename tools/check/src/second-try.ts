import type { Part } from './parts';
import type { JestReport } from './summary';

/** More failures than these are no accident of a busy machine. */
const MOST_FILES = 2;

/**
 * The part that runs what failed of `part` once more, alone; undefined where that would hide something. Tests with
 * real servers share two cores with them: a bound that one passes on an idle machine it may miss on a busy one. Such a
 * test is told in the last lines of the check, to be mended.
 */
export function secondTry(part: Part, report: JestReport): Part | undefined {
  const files = report.testResults.filter(({ status }) => status === 'failed').map(({ name }) => name);
  if (part.only === undefined || files.length === 0 || files.length > MOST_FILES) return undefined;
  const again = `${part.report ?? part.name}-again`;
  return { name: `${part.name}, again`, command: part.only(files, again), lane: part.lane, report: again };
}
