import type { Posted } from './ledger-migrator';
import { violations, type Evidence } from './model-check';
import { noteAttempt, type Performed } from './random-operations';

const post = (runAttempt: number, stepIndex: number, attempt: number): Posted => ({
  candidateId: 'c',
  runAttempt,
  stepIndex,
  attempt,
  stepName: `s${stepIndex}`,
  callbackId: 'x',
  key: `m__c/${runAttempt}/${stepIndex}/${attempt}`,
  at: 0,
});
const success = (runAttempt: number, stepIndex: number) => ({
  operation: 'event' as const,
  status: 202 as const,
  event: { ...post(runAttempt, stepIndex, 1), said: 'completed' },
});
const fine: Evidence = {
  performed: [{ operation: 'start', status: 202, attempt: 1 }, success(1, 0)],
  posts: [post(1, 0, 1), post(1, 0, 1), post(1, 1, 1)],
  status: 'completed',
  attempt: 1,
  cancelled: [],
  workflowOpen: false,
};

describe('the checker of random sequences', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(violations(fine)).toEqual([]);
  });

  it.each<[string, Partial<Evidence>, RegExp]>([
    [
      'an undocumented answer',
      { performed: [...fine.performed, { operation: 'cancel', status: 500 }] },
      /cancel answered 500/,
    ],
    [
      'one attempt for two starts',
      { performed: [...fine.performed, { operation: 'start', status: 202, attempt: 1 }] },
      /same attempt/,
    ],
    [
      'a lost attempt',
      { performed: [...fine.performed, { operation: 'execute', status: 202, attempt: 2 }] },
      /left no trace/,
    ],
    ['a candidate that never rests', { status: 'running' }, /come to rest/],
    ['a stray workflow', { workflowOpen: true }, /workflow is open/],
    [
      'a cancel that vanished',
      { performed: [...fine.performed, { operation: 'cancel', status: 204 }] },
      /no cancelled attempt/,
    ],
    [
      'a cancel of a later attempt that vanished',
      {
        performed: [
          ...fine.performed,
          { operation: 'start', status: 202, attempt: 2 },
          { operation: 'cancel', status: 204, since: 1 },
          { operation: 'cancel', status: 204, since: 2 },
        ],
        cancelled: [1],
        attempt: 2,
      },
      /attempt 2 or later was acknowledged/,
    ],
    [
      'a cancel that only a later attempt answers for',
      {
        performed: [
          ...fine.performed,
          { operation: 'cancel', status: 204, since: 1 },
          { operation: 'start', status: 202, attempt: 2 },
        ],
        cancelled: [2],
      },
      /attempt 1 or later was acknowledged, and none below 2/,
    ],
    ['a cancelled attempt twice', { cancelled: [2, 2] }, /cancelled twice/],
    ['a run that is cancelled and completed', { cancelled: [1] }, /cancelled and completed/],
    [
      'a POST of an older run attempt',
      { posts: [...fine.posts, post(2, 0, 1), post(1, 1, 1)] },
      /came after/,
    ],
    ['a POST with a foreign key', { posts: [{ ...post(1, 0, 1), key: 'm__c/1/0/2' }] }, /does not name/],
    ['a step nobody allowed', { posts: [...fine.posts, post(1, 2, 1)] }, /no one reported success/],
    [
      'a retry nobody asked for',
      { posts: [...fine.posts, post(1, 1, 2)] },
      /1 step attempts were retried by 0/,
    ],
  ])('finds %s', (_what, over, message) => {
    expect(violations({ ...fine, ...over }).join('\n')).toMatch(message);
  });

  it('lets a cancel answer for a start whose answer was lost', () => {
    const performed: Performed[] = [
      ...fine.performed,
      { operation: 'cancel', status: 204, since: 1 },
      { operation: 'start', status: 'lost' },
      { operation: 'cancel', status: 204, since: 1 },
    ];
    expect(violations({ ...fine, performed, status: 'not_started', cancelled: [1, 2] })).toEqual([]);
  });

  it('notes the newest attempt told before a cancel, and only of one that was acknowledged', () => {
    const cancel: Performed = { operation: 'cancel', status: 204 };
    const lost: Performed = { operation: 'cancel', status: 'lost' };
    const later: Performed = { operation: 'execute', status: 202, attempt: 3 };
    expect(noteAttempt([], cancel).since).toBe(0);
    expect(noteAttempt([...fine.performed, later, lost], cancel).since).toBe(3);
    expect(noteAttempt(fine.performed, lost).since).toBeUndefined();
  });

  it('takes no conflict for a start: it may name the very attempt that a cancel met', () => {
    const performed: Evidence['performed'] = [
      { operation: 'start', status: 'lost' },
      { operation: 'cancel', status: 204, since: 0 },
      { operation: 'start', status: 409, code: 'run_cancelling', attempt: 1 },
    ];
    const rested = {
      status: 'not_started',
      attempt: undefined,
      posts: [],
      cancelled: [1],
      workflowOpen: false,
    };
    expect(violations({ ...rested, performed })).toEqual([]);
  });
});
