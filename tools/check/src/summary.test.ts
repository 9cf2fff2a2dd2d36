import { addCounts, closingLine, failuresOf, isGood, type JestReport } from './summary';

const report = (over: Partial<JestReport> = {}): JestReport => ({
  numPassedTests: 5,
  numFailedTests: 0,
  numFailedTestSuites: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  ...over,
});

it('closes with the passed and failed tests of all runs', () => {
  const counts = addCounts([report(), report({ numFailedTests: 2, numFailedTestSuites: 1 })]);
  expect(closingLine(counts)).toBe('10 passed, 2 failed');
  expect(isGood(counts, 0)).toBe(false);
});

it('tells skipped tests, and fails on them', () => {
  const counts = addCounts([report({ numPendingTests: 1 }), report({ numTodoTests: 1 })]);
  expect(closingLine(counts)).toBe('10 passed, 0 failed, 2 skipped');
  expect(isGood(counts, 0)).toBe(false);
});

it('counts a suite that could not run as a failure', () => {
  expect(addCounts([report({ numFailedTestSuites: 1 })]).failed).toBe(1);
});

it('is good only when tests ran and every part ended well', () => {
  const counts = addCounts([report()]);
  expect(isGood(counts, 0)).toBe(true);
  expect(isGood(counts, 1)).toBe(false);
  expect(isGood(addCounts([]), 0)).toBe(false);
});

it('names each failed test with the first lines of its failure, and a suite that could not run', () => {
  const told = failuresOf(
    report({
      testResults: [
        {
          name: 'a.test.ts',
          status: 'failed',
          message: '',
          assertionResults: [
            { status: 'passed', fullName: 'holds' },
            {
              status: 'failed',
              fullName: 'breaks',
              failureMessages: [`\u001b[31mExpected: 1\u001b[39m\n\nReceived: 2\n${'at x\n'.repeat(20)}`],
            },
          ],
        },
        { name: 'b.test.ts', status: 'failed', message: 'Cannot find module', assertionResults: [] },
        { name: 'c.test.ts', status: 'passed', message: '', assertionResults: [] },
      ],
    }),
  );
  expect(told).toEqual([
    'a.test.ts: breaks\n    Expected: 1\n    Received: 2\n    at x\n    at x\n    at x\n    at x',
    'b.test.ts could not run\n    Cannot find module',
  ]);
});
