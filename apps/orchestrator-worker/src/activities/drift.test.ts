import type { RunProgress } from '@loom/domain';
import type { ExecutionLook, RunHead } from '@loom/ports';
import { isSettledRunning, judgeOpen, judgeRunning } from './drift';

const BEGAN = '2026-01-01T00:00:00.000Z';
const LATER = Date.parse('2026-01-01T00:01:00.000Z');
const head = (over: Partial<RunHead> = {}): RunHead => ({
  ...{ migrationId: 'm', candidateId: 'c', status: 'running', runAttempt: 2, lastAttempt: 2, seq: 3 },
  ...{ executionId: 'x', startedAt: BEGAN, isCancelling: false, isWaiting: false, nonce: 'n' },
  ...over,
});
const look = (over: Partial<ExecutionLook> = {}): ExecutionLook => ({
  ...{
    open: false,
    executionId: 'x',
    runAttempt: 2,
    status: 'completed',
    startedAt: BEGAN,
    isForeign: false,
  },
  ...over,
});
const progress = (over: Partial<RunProgress> = {}): RunProgress => ({
  ...{ runAttempt: 2, seq: 4, phase: 'waiting', currentStep: 0, steps: [] },
  ...over,
});
const open = { open: true, status: 'open' } as const;

describe('a candidate that the store shows as running', () => {
  it.each([
    ['has no workflow', undefined, undefined, 'settle'],
    ['has only that of an earlier attempt', look({ runAttempt: 1 }), undefined, 'settle'],
    ['was terminated', look({ status: 'terminated' }), undefined, 'settle'],
    ['failed, whatever it says', look({ status: 'failed' }), progress(), 'settle'],
    ['was completed', look(), progress({ end: 'completed' }), 'complete'],
    ['was cancelled', look(), progress({ end: 'cancelled' }), 'settle'],
    ['ended, and nobody can say how', look(), undefined, 'nothing'],
    ['ended, and does not say how', look(), progress(), 'nothing'],
    ['is open and further', look(open), progress(), 'project'],
    ['is open and as far', look(open), progress({ seq: 3 }), 'nothing'],
    ['is open and silent', look(open), undefined, 'nothing'],
    [
      'is open and of another attempt than it answers for',
      look(open),
      progress({ runAttempt: 1 }),
      'nothing',
    ],
    ['has a later attempt', look({ ...open, runAttempt: 3 }), undefined, 'restore'],
    ['is open but another reservation', look({ ...open, isForeign: true }), progress(), 'nothing'],
    ['ended as another reservation', look({ isForeign: true }), progress({ end: 'completed' }), 'settle'],
  ])('%s', (_, found, told, act) => {
    expect(judgeRunning(head(), found, told).act).toBe(act);
  });

  it('is left alone while another repair has it, or while it is young', () => {
    expect(isSettledRunning(head(), LATER)).toBe(true);
    expect(isSettledRunning(head(), Date.parse(BEGAN) + 29_999)).toBe(false);
    expect(isSettledRunning(head({ isCancelling: true }), LATER)).toBe(false);
    expect(isSettledRunning(head({ status: 'completed' }), LATER)).toBe(false);
    const reserved = head({ seq: 0 });
    delete reserved.executionId;
    expect(isSettledRunning(reserved, LATER)).toBe(false);
    expect(isSettledRunning(undefined, LATER)).toBe(false);
  });
});

describe('an open workflow', () => {
  it.each([
    ['of a candidate that nobody knows', undefined, look(open), 'restore'],
    [
      'of an attempt that the store never saw',
      head({ runAttempt: 1, lastAttempt: 1 }),
      look(open),
      'restore',
    ],
    ['that runs', head(), look(open), 'nothing'],
    ['whose attempt is over', head({ status: 'not_started', runAttempt: 0 }), look(open), 'cancel'],
    [
      'that waits to be rebuilt',
      head({ status: 'not_started', runAttempt: 0, isWaiting: true }),
      look(open),
      'nothing',
    ],
    ['of an earlier attempt', head({ runAttempt: 3, lastAttempt: 3 }), look(open), 'cancel'],
    ['that has ended meanwhile', undefined, look(), 'nothing'],
    ['that just began', undefined, look({ ...open, startedAt: new Date(LATER).toISOString() }), 'nothing'],
  ])('%s', (_, stands, found, act) => {
    expect(judgeOpen(stands, found, LATER).act).toBe(act);
  });
});
