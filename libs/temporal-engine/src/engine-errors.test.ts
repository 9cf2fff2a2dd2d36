import { NamespaceNotFoundError, ServiceError } from '@temporalio/client';
import { StartRefusedError } from '@loom/ports';
import { engineError, isDeadline, isNotFound, neverSent, reachability } from './engine-errors';

const grpc = (code: number, details = '') =>
  Object.assign(new Error(`${code}: ${details}`), { code, details, metadata: {} });
const wrapped = (code: number, details?: string) =>
  new ServiceError('Failed to start Workflow', { cause: grpc(code, details) });
const REFUSED = 'No connection established. Last error: connect ECONNREFUSED 127.0.0.1:1';

describe('engineError', () => {
  it.each([1, 2, 4, 7, 8, 9, 10, 13, 14, 15, 16])(
    'takes gRPC code %d for an engine that cannot be used',
    (code) => {
      for (const error of [grpc(code), wrapped(code)]) {
        expect(engineError(error)).toMatchObject({
          code: 'dependency_unavailable',
          dependency: 'engine',
          certain: false,
          cause: error,
        });
      }
    },
  );

  it.each([3, 5, 6, 11, 12])('leaves gRPC code %d as it is: the request is at fault', (code) => {
    const error = wrapped(code);
    expect(engineError(error)).toBe(error);
  });

  it.each([3, 9, 11, 12])('takes gRPC code %d of a start for its refusal', (code) => {
    const error = wrapped(code);
    const refused = engineError(error, true);
    expect(refused).toBeInstanceOf(StartRefusedError);
    expect(refused).toMatchObject({ cause: error });
  });

  it.each([7, 16])('is certain that nothing was started where it was not let in (%d)', (code) => {
    expect(engineError(wrapped(code), true)).toMatchObject({ code: 'dependency_unavailable', certain: true });
  });

  it.each([1, 2, 4, 8, 10, 13, 14, 15])('is not certain of a start that ended with gRPC code %d', (code) => {
    expect(engineError(wrapped(code), true)).toMatchObject({ certain: false });
  });

  it('leaves what is not of gRPC as it is', () => {
    const error = new TypeError('a defect');
    expect(engineError(error)).toBe(error);
  });

  it('is certain only of a call that never left, and only where no earlier attempt can have', () => {
    expect(engineError(wrapped(14, REFUSED), true)).toMatchObject({ certain: true });
    expect(engineError(wrapped(14, REFUSED))).toMatchObject({ certain: false });
    expect(engineError(new NamespaceNotFoundError('x'))).toMatchObject({ certain: true });
  });

  it('tells no detail of the connection', () => {
    expect((engineError(wrapped(14, REFUSED)) as Error).message).toBe('Temporal: it cannot be reached');
  });
});

describe('neverSent', () => {
  it.each([
    [14, REFUSED, true],
    [14, 'Name resolution failed for target dns:nowhere:7233', true],
    [14, 'Connection dropped', false],
    [14, 'read ECONNRESET', false],
    [14, 'upstream: connect ECONNREFUSED', false],
    [14, 'a proxy says: No connection established.', false],
    [4, REFUSED, false],
  ])('%d %j: %s', (code, details, wanted) => expect(neverSent({ code, details })).toBe(wanted));
});

it('finds codes through what wraps them', () => {
  const end = Date.now() + 60_000;
  expect([isDeadline(wrapped(4), end), isDeadline(wrapped(14), end), isNotFound(grpc(5))]).toEqual([
    true,
    false,
    true,
  ]);
});

it('takes a call that was cancelled for its deadline when that has passed, and not before', () => {
  expect(isDeadline(wrapped(1), Date.now() - 1)).toBe(true);
  expect(isDeadline(wrapped(1), Date.now() + 60_000)).toBe(false);
});

it.each([
  ['away', [7, 14, 16]],
  ['late', [4]],
  ['unknown', [1]],
  // A server that refuses what was asked is there.
  ['reached', [0, 3, 5, 6, 9, 12]],
] as const)('a server is %s after a call that ended with one of the codes %j', (found, codes) => {
  expect(codes.map((code) => reachability({ code, details: '' }))).toEqual(codes.map(() => found));
});
