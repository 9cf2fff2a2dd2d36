import type { Part } from './parts';
import type { JestReport, JestSuite } from './summary';

/** More failures than these are no accident of a busy machine. */
const MOST_FILES = 2;
/** How a wait says that its bound has passed: Jest's own, `waitUntil` of tools/dev-stack, and the end of a program. */
const BOUND_PASSED =
  /^(?:thrown: "Exceeded timeout of \d+ ms|Error: [^\n]*: not within [\d.]+ s \(last: |Error: [^\n]* has not ended [\d.]+ s after)/;

/**
 * The part that runs what failed of `part` once more, alone; undefined where that would hide something: an expectation
 * that was not met is a failure, however seldom it is seen. Tests with real servers share two cores with them, though: a
 * bound that one keeps on an idle machine it may miss on a busy one, also that of waiting until something holds. Such a
 * test is told in the last lines of the check, to be mended.
 */
export function secondTry(part: Part, report: JestReport): Part | undefined {
  const suites = report.testResults.filter(({ status }) => status === 'failed');
  if (part.only === undefined || suites.length === 0 || suites.length > MOST_FILES) return undefined;
  if (!suites.every(onlyMissedBounds)) return undefined;
  const again = `${part.report ?? part.name}-again`;
  const command = part.only(
    suites.map(({ name }) => name),
    again,
  );
  return { name: `${part.name}, again`, command, lane: part.lane, report: again };
}

function onlyMissedBounds({ assertionResults }: JestSuite): boolean {
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  const messages = failed.flatMap(({ failureMessages = [] }) => failureMessages);
  return messages.length >= Math.max(failed.length, 1) && messages.every((text) => BOUND_PASSED.test(text));
}
