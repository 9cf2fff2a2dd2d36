import { openApiDocument } from '@loom/api-types';
import { normaliseAnnouncement, normaliseDryRun, normaliseEvent, normaliseSubmit } from './dialects';

interface Dialect {
  name: string;
  example: { from: Record<string, unknown>; to: Record<string, unknown> };
}
const documented = (openApiDocument['x-loom-dialects'] as { dialects: Dialect[] }).dialects;
const exampleOf = (name: string): Dialect['example'] => {
  const dialect = documented.find((one) => one.name === name);
  if (dialect === undefined) throw new Error(`the contract has no dialect ${name}`);
  return dialect.example;
};

describe('dialects of events', () => {
  it.each(['status-succeeded', 'status-pending', 'success-phase'])(
    'rewrites the documented example of %s',
    (name) => {
      const { from, to } = exampleOf(name);
      expect(normaliseEvent(from)).toMatchObject(to);
    },
  );

  it.each([
    [{ status: 'pending' }, 'awaiting_review'],
    [{ status: 'pending', metadata: {} }, 'awaiting_review'],
    [{ status: 'pending', metadata: { prUrl: '' } }, 'awaiting_review'],
    [{ status: 'pending', metadata: null }, 'awaiting_review'],
    [{ status: 'pending', metadata: { prUrl: 'http://git/pr/1' } }, 'open'],
    [{ success: false }, 'failed'],
    [{ success: false, phase: 'open' }, 'failed'],
    [{ success: true }, 'completed'],
    [{ success: true, phase: 'open' }, 'open'],
    [{ success: true, phase: 'awaiting_review' }, 'awaiting_review'],
    [{ success: true, phase: 'merged' }, 'merged'],
    [{ success: true, phase: 'anything' }, 'completed'],
  ])('%j is %s', (body, status) => {
    expect(normaliseEvent(body)).toMatchObject({ status });
  });

  it('leaves a status of today alone, also beside success', () => {
    const body = { status: 'failed', success: true, phase: 'merged' };
    expect(normaliseEvent(body)).toEqual(body);
  });

  it.each([null, 'text', 7, [], { success: 'yes' }, { status: 3 }])('leaves %j to validation', (body) => {
    expect(normaliseEvent(body)).toEqual(body);
  });
});

describe('dialects of announcements and submits', () => {
  it('rewrites the documented names of workers, in the definition and in each step', () => {
    const { from, to } = exampleOf('worker-names');
    const body = { ...from, steps: [{ name: 's', workerApp: 'charts' }] };
    expect(normaliseAnnouncement(body)).toMatchObject({
      ...to,
      steps: [{ name: 's', migratorApp: 'charts' }],
    });
  });

  it('prefers the names of today', () => {
    expect(normaliseAnnouncement({ workerApp: 'old', migratorApp: 'new' })).toMatchObject({
      migratorApp: 'new',
    });
  });

  it('takes null for an empty list, everywhere a list may stand', () => {
    const { from, to } = exampleOf('null-lists');
    expect(normaliseSubmit(from)).toEqual(to);
    const empty = { overview: [], requiredInputs: [], steps: [], candidates: [] };
    expect(
      normaliseAnnouncement({ overview: null, requiredInputs: null, steps: null, candidates: null }),
    ).toEqual(empty);
    const candidate = { id: 'c', files: null, steps: [{ name: 's', files: null, workerApp: 'w' }] };
    expect(normaliseSubmit({ candidates: [candidate, { id: 'd', files: [{ files: null }] }] })).toEqual({
      candidates: [
        { id: 'c', files: [], steps: [{ name: 's', files: [], workerApp: 'w', migratorApp: 'w' }] },
        { id: 'd', files: [{ files: [] }] },
      ],
    });
  });

  it('does not add a list that is absent', () => {
    expect(normaliseAnnouncement({ id: 'm' })).toEqual({ id: 'm' });
    expect(normaliseSubmit({})).toEqual({});
  });

  it('drops the status that a candidate claims', () => {
    const { from, to } = exampleOf('candidate-status');
    expect(normaliseSubmit({ candidates: [from] })).toEqual({ candidates: [to] });
    expect(normaliseAnnouncement({ candidates: [from] })).toEqual({ candidates: [to] });
    expect(normaliseDryRun({ candidate: from, inputs: {} })).toEqual({ candidate: to, inputs: {} });
    expect(normaliseDryRun({ candidateId: 'c' })).toEqual({ candidateId: 'c' });
  });

  it('changes nothing of what it was given', () => {
    const body = { candidates: [{ id: 'c', status: 'running', files: null }], steps: null };
    const before = structuredClone(body);
    normaliseAnnouncement(body);
    expect(body).toEqual(before);
  });

  it.each([null, 'text', [], { candidates: 'many' }, { candidates: [null, 3] }])(
    'leaves %j to validation',
    (body) => {
      expect(normaliseSubmit(body)).toEqual(body);
    },
  );
});
