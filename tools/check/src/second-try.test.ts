import type { Part } from './parts';
import { secondTry } from './second-try';
import type { JestReport, JestSuite } from './summary';

const part: Part = {
  name: 'tests',
  command: ['jest'],
  lane: 0,
  report: 'tests',
  only: (files, report) => ['jest', report, ...files],
};
const LATE = 'thrown: "Exceeded timeout of 5000 ms for a test."';
const suite = (status: string, i: number, failureMessages: string[]): JestSuite => ({
  name: `${i}.test.ts`,
  status,
  message: '',
  assertionResults: failureMessages.length === 0 ? [] : [{ status, fullName: 'it', failureMessages }],
});
const reportOf = (testResults: JestSuite[]): JestReport => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numFailedTestSuites: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults,
});
const report = (...statuses: string[]) => reportOf(statuses.map((status, i) => suite(status, i, [LATE])));

it('runs the files that were late, and only those', () => {
  expect(secondTry(part, report('passed', 'failed', 'failed'))).toMatchObject({
    command: ['jest', 'tests-again', '1.test.ts', '2.test.ts'],
    report: 'tests-again',
  });
});

it.each([
  ['thrown: "Exceeded timeout of 30000 ms for a hook."', true],
  ['Error: the worker is ready: not within 20 s (last: ECONNREFUSED)', true],
  ['Error: api has not ended 15 s after SIGTERM', true],
  ['Error: expect(received).toEqual(expected)', false],
  ['Error: expect(received).toEqual(expected)\n\nReceived: "x: not within 20 s (last: it said no)"', false],
  ["TypeError: Cannot read properties of undefined (reading 'x')", false],
])('of a failure that says %j: %s', (message, wanted) => {
  const one = (messages: string[]) => secondTry(part, reportOf([suite('failed', 0, messages)])) !== undefined;
  expect([one([message]), one([LATE, message])]).toEqual([wanted, wanted]);
});

it('is not given where much failed, where the failure was no test’s, or where no server is used', () => {
  expect(secondTry(part, report('failed', 'failed', 'failed'))).toBeUndefined();
  expect(secondTry(part, report('passed'))).toBeUndefined();
  expect(secondTry(part, reportOf([suite('failed', 0, [])]))).toBeUndefined();
  const unit = { name: part.name, command: part.command, lane: 0, report: 'tests' };
  expect(secondTry(unit, report('failed'))).toBeUndefined();
});

it('is itself given no other try', () => {
  const again = secondTry(part, report('failed'));
  expect(again && secondTry(again, report('failed'))).toBeUndefined();
});
