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
}

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

/** The last line of `npm test`. */
export function closingLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Nothing failed, and nothing was left out: a test either runs or does not exist. */
export function isGood(counts: TestCounts, failedParts: number): boolean {
  return failedParts === 0 && counts.failed === 0 && counts.skipped === 0 && counts.passed > 0;
}
