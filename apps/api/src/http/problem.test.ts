import { openApiDocument, type ProblemCode } from '@loom/api-types';
import {
  DependencyUnavailableError,
  DomainError,
  ExecutionMissingError,
  InvalidInputsError,
  InvalidRequestError,
  MigratorCallError,
  RunConflictError,
} from '@loom/domain';
import { HttpError } from './http-error';
import { instanceOf, toProblem } from './problem';

const document = openApiDocument as {
  components: { schemas: { ProblemCode: { enum: ProblemCode[] } } };
};

describe('toProblem', () => {
  it.each(document.components.schemas.ProblemCode.enum)('knows %s', (code) => {
    const { problem } = toProblem(new HttpError(code, 'why'), '/x');
    expect(problem).toMatchObject({ type: 'about:blank', code, detail: 'why', instance: '/x' });
    expect(problem.status).toBeGreaterThanOrEqual(400);
    expect(problem.title).toMatch(/^[A-Z]/);
  });

  it('tells of a conflict which attempt it met', () => {
    const run = { runId: 'm__c', attempt: 3, startedAt: '2026-01-01T00:00:00.000Z' };
    const { problem } = toProblem(new RunConflictError('candidate_already_running', run), '/x');
    expect(problem).toMatchObject({ status: 409, code: 'candidate_already_running', ...run });
  });

  it('tells of invalid fields where they are', () => {
    const errors = [{ pointer: '/inputs/a', message: 'no' }];
    expect(toProblem(new InvalidInputsError(errors), '/x').problem).toMatchObject({ status: 400, errors });
  });

  it.each([
    ['', ''],
    ['/a/b', '/a/b'],
    ['cursor', '/query/cursor'],
    ['meta[a/b]', '/query/meta/a~1b'],
  ])('points with %j to %j', (pointer, told) => {
    const { problem } = toProblem(new InvalidRequestError('x', [{ pointer, message: 'no' }]), '/x');
    expect(problem.errors).toEqual([{ pointer: told, message: 'no' }]);
  });

  it.each([
    ['migrator_url_not_allowed', 400],
    ['migrator_unreachable', 502],
    ['migrator_error', 502],
    ['migrator_timeout', 504],
  ] as const)('a migrator call that failed with %s is %d, never 500', (code, status) => {
    expect(toProblem(new MigratorCallError(code, 'x'), '/x').problem.status).toBe(status);
  });

  it('says of a run without an execution what that means, and what to do', () => {
    const { problem, headers } = toProblem(new ExecutionMissingError('m__c'), '/x');
    expect(problem).toMatchObject({ status: 503, code: 'dependency_unavailable', runId: 'm__c' });
    expect(problem.detail).toMatch(/no open execution.*cancel the run, and start it again/);
    expect(headers['retry-after']).toBeDefined();
  });

  it('says when to come back to a dependency that is away, and nothing of its own words', () => {
    const { problem, headers } = toProblem(
      new DependencyUnavailableError('store', 'connect ECONNREFUSED 10.0.0.7:6379'),
      '/x',
    );
    expect(problem).toMatchObject({ status: 503, detail: 'the store cannot be used now' });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(JSON.stringify(problem)).not.toContain('6379');
  });

  class UnknownError extends DomainError {
    readonly code = 'of_another_version';
  }
  it.each([new Error('password hunter2'), 'hunter2', undefined, new UnknownError('hunter2')])(
    'tells nothing of what went wrong inside (%#)',
    (error) => {
      const { problem } = toProblem(error, '/x');
      expect(problem).toMatchObject({ status: 500, code: 'internal', detail: 'something went wrong' });
      expect(JSON.stringify(problem)).not.toContain('hunter2');
    },
  );
});

describe('instanceOf', () => {
  it.each(['/event/m__c~1~0~1~k~mac', '/event/x/y', '//event/secret', '/EVENT/secret', '/event'])(
    'hides the callback id in %s',
    (path) => {
      expect(instanceOf(path)).toBe('/event');
    },
  );

  it.each(['/events', '/migrations/event/candidates'])('leaves %s', (path) => {
    expect(instanceOf(path)).toBe(path);
  });
});
