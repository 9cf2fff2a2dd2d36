import type { Part } from './parts';
import { secondTry } from './second-try';
import type { JestReport } from './summary';

const part: Part = {
  name: 'tests',
  command: ['jest'],
  lane: 0,
  report: 'tests',
  only: (files, report) => ['jest', report, ...files],
};
const report = (...statuses: string[]): JestReport => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numFailedTestSuites: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: statuses.map((status, i) => ({
    name: `${i}.test.ts`,
    status,
    message: '',
    assertionResults: [],
  })),
});

it('runs the files that failed, and only those', () => {
  expect(secondTry(part, report('passed', 'failed', 'failed'))).toMatchObject({
    command: ['jest', 'tests-again', '1.test.ts', '2.test.ts'],
    report: 'tests-again',
  });
});

it('is not given where much failed, where the failure was no test’s, or where no server is used', () => {
  expect(secondTry(part, report('failed', 'failed', 'failed'))).toBeUndefined();
  expect(secondTry(part, report('passed'))).toBeUndefined();
  const unit = { name: part.name, command: part.command, lane: 0, report: 'tests' };
  expect(secondTry(unit, report('failed'))).toBeUndefined();
});

it('is itself given no other try', () => {
  const again = secondTry(part, report('failed'));
  expect(again && secondTry(again, report('failed'))).toBeUndefined();
});
