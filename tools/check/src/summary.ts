import { stripVTControlCharacters } from 'node:util';

/** Jest's own counts, added up over its runs. */
export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

/** What Jest writes with `--json`, as far as it is read here. */
export interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  numFailedTestSuites: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: JestSuite[];
}

/** One file of a report; `message` is the rendering of everything that failed in it. */
export interface JestSuite {
  name: string;
  status: string;
  message: string;
  assertionResults: { status: string; fullName: string; failureMessages?: string[] }[];
}

/** Enough of a failure to know what it is about; its whole text stands in the log. */
const FAILURE_LINES = 6;

/** A suite that could not even run has no failed test, and counts as one. */
export function addCounts(reports: readonly JestReport[]): TestCounts {
  const total: TestCounts = { passed: 0, failed: 0, skipped: 0 };
  for (const report of reports) {
    total.passed += report.numPassedTests;
    total.failed +=
      report.numFailedTests === 0 && report.numFailedTestSuites > 0
        ? report.numFailedTestSuites
        : report.numFailedTests;
    total.skipped += report.numPendingTests + report.numTodoTests;
  }
  return total;
}

/** The last line of `npm test`; `unsteady` tests passed only at their second try. */
export function closingLine({ passed, failed, skipped }: TestCounts, unsteady = 0): string {
  const more = [
    ...(skipped > 0 ? [`, ${skipped} skipped`] : []),
    ...(unsteady > 0 ? [`, ${unsteady} at the second try`] : []),
  ];
  return `${passed} passed, ${failed} failed${more.join('')}`;
}

/** Nothing failed, and nothing was left out: a test either runs or does not exist. */
export function isGood(counts: TestCounts, failedParts: number): boolean {
  return failedParts === 0 && counts.failed === 0 && counts.skipped === 0 && counts.passed > 0;
}

/** What failed, a few lines a test, so that it is told even where only the beginning of a long output is kept. */
export function failuresOf(report: JestReport): string[] {
  return report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((result) => result.status === 'failed');
    if (failed.length === 0 && status === 'failed') return [`${name} could not run\n${firstLines(message)}`];
    return failed.map(
      ({ fullName, failureMessages = [] }) =>
        `${name}: ${fullName}\n${firstLines(failureMessages.join('\n'))}`,
    );
  });
}

function firstLines(text: string): string {
  const lines = stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines
    .slice(0, FAILURE_LINES)
    .map((line) => `    ${line.trim()}`)
    .join('\n');
}
