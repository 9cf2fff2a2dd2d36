import {
  accepted,
  after,
  AT,
  hear,
  inputs,
  late,
  LATER,
  manifest,
  paused,
  refused,
  retry,
  start,
} from '../testing/run-machine-messages';
import type { DispatchInput } from '../activities';
import { deadlineOf, LiveRun, type Task } from './live-run';
import type { Message } from './run-machine';

const first = { stepIndex: 0, attempt: 1, projection: { seq: 1 } } as DispatchInput;

/** What the main loop would do until it waits or ends. */
function tasksOf(run: LiveRun, ...messages: Message[]): Task[] {
  for (const message of messages) run.tell(message);
  const tasks: Task[] = [];
  do {
    run.read(LATER);
    tasks.push(run.take());
  } while (['dispatch', 'show'].includes(tasks.at(-1) ?? ''));
  return tasks;
}

describe('a run in its execution', () => {
  it('dispatches each step attempt once, and shows only what a dispatch has not shown', () => {
    const run = new LiveRun(start(), false);
    expect(tasksOf(run)).toEqual(['dispatch', 'wait']);
    expect(tasksOf(run, accepted())).toEqual(['wait']);
    expect(tasksOf(run, hear({ status: 'open' }))).toEqual(['show', 'wait']);
    expect(tasksOf(run, hear())).toEqual(['dispatch', 'wait']);
    expect(tasksOf(run, refused('no', 1))).toEqual(['show', 'wait']);
    expect(tasksOf(run, retry({ stepName: 'b' }))).toEqual(['dispatch', 'wait']);
  });

  it('is finished after its last step', () => {
    const run = new LiveRun(start(), false);
    tasksOf(run);
    const last = ['a', 'b', 'c'].map((stepName, stepIndex) => hear({ stepName, stepIndex }));
    expect(tasksOf(run, ...last)).toEqual(['finish']);
  });

  it('goes on where the execution before it was, and neither dispatches nor shows it again', () => {
    expect(tasksOf(new LiveRun(after(hear({ status: 'open' })), true))).toEqual(['wait']);
    expect(tasksOf(new LiveRun(after(hear({ status: 'open' })), true), hear())).toEqual(['dispatch', 'wait']);
  });

  it('has news until they are read', () => {
    const run = new LiveRun(start(), false);
    expect(run.hasNews).toBe(false);
    run.tell(hear());
    expect(run.hasNews).toBe(true);
    run.read(LATER);
    expect(run.hasNews).toBe(false);
  });

  it.each<[string, Message[], boolean]>([
    ['an event', [hear({ status: 'open' })], true],
    ['an event behind which another dispatch begins', [hear()], true],
    ['the deadline', [late()], true],
    ['its own answer', [accepted()], false],
    ['an event after its answer', [accepted(), hear()], false],
    ['what is not for it', [hear({ attempt: 2 })], false],
  ])('the dispatch under way is moot or not after %s', (_name, messages, isMoot) => {
    const run = new LiveRun(start(), false);
    for (const message of messages) run.tell(message);
    expect(run.read(LATER)).toBe(isMoot);
  });
});

describe('the end of a dispatch', () => {
  it.each([
    ['closed', 'over'],
    ['cancelled', 'cancelled'],
  ] as const)('that found the run %s ends it, whatever else there is to do', (outcome, task) => {
    const run = new LiveRun(start(), false);
    run.dispatchEnded(first, { outcome });
    expect(run.hasNews).toBe(true);
    expect(tasksOf(run, hear())).toEqual([task]);
  });

  it('that found a newer view on record is taken again, with that one', () => {
    const run = new LiveRun(start(), false);
    expect(tasksOf(run, inputs({ owner: 'y' }))).toEqual(['dispatch', 'wait']);
    run.dispatchEnded(first, { outcome: 'stale' });
    expect(run.hasNews).toBe(true);
    expect(tasksOf(run)).toEqual(['dispatch', 'wait']);
    expect(run.hasNews).toBe(false);
  });

  it.each<[string, Message[]]>([
    ['its step attempt has ended', [hear()]],
    ['the migrator has called back', [hear({ status: 'open' })]],
    ['its step was retried', [refused(), retry()]],
  ])('that found a newer view on record is not taken again when %s', (_name, messages) => {
    const run = new LiveRun(start(), false);
    tasksOf(run);
    tasksOf(run, ...messages);
    run.dispatchEnded(first, { outcome: 'stale' });
    expect(tasksOf(run)).toEqual(['wait']);
  });

  it('that finds a view on record which the run does not know fails its step, and is not taken for ever', () => {
    const run = new LiveRun(start(), false);
    tasksOf(run);
    run.dispatchEnded(first, { outcome: 'stale' });
    expect(tasksOf(run)).toEqual(['show', 'wait']);
    expect(run.state.phase).toBe('blocked');
  });

  it('that was refused fails its step, with the reason', () => {
    const run = new LiveRun(start(), false);
    tasksOf(run);
    run.dispatchEnded(first, { outcome: 'refused', reason: 'HTTP 404' });
    expect(tasksOf(run)).toEqual(['show', 'wait']);
    expect(run.state.steps[0]).toMatchObject({ status: 'failed', reason: 'HTTP 404' });
  });
});

describe('a dispatch that a pause has held', () => {
  const release = { runAttempt: 2 };
  const heldRun = () => {
    const run = new LiveRun(start(), false);
    tasksOf(run);
    run.dispatchEnded(first, { outcome: 'paused' });
    expect(tasksOf(run)).toEqual(['wait']);
    return run;
  };

  it('is taken again when it is released, once', () => {
    const run = heldRun();
    run.released({ runAttempt: 1 });
    expect(run.hasNews).toBe(false);
    run.released(release);
    run.released(release);
    expect(tasksOf(run)).toEqual(['dispatch', 'wait']);
    run.released(release);
    expect(tasksOf(run)).toEqual(['wait']);
  });

  it('is taken again at once when the release came before it was known to be held', () => {
    const run = new LiveRun(start(), false);
    tasksOf(run);
    run.released(release);
    expect(tasksOf(run)).toEqual(['wait']);
    run.dispatchEnded(first, { outcome: 'paused' });
    expect(tasksOf(run)).toEqual(['dispatch', 'wait']);
    run.dispatchEnded({ ...first, projection: { ...first.projection, seq: 1 } }, { outcome: 'paused' });
    expect(tasksOf(run)).toEqual(['wait']);
    expect(run.state.phase).toBe('held');
  });

  it('shows inputs that change meanwhile, and goes on with them', () => {
    const run = heldRun();
    expect(tasksOf(run, inputs({ owner: 'y' }))).toEqual(['show', 'wait']);
    run.released(release);
    expect(tasksOf(run)).toEqual(['dispatch', 'wait']);
    expect(run.state.inputs).toEqual({ owner: 'y' });
  });

  it('is still held in the next execution, and goes on there', () => {
    const run = new LiveRun(heldRun().state, true);
    expect(tasksOf(run)).toEqual(['wait']);
    run.released(release);
    expect(tasksOf(run)).toEqual(['dispatch', 'wait']);
  });

  it('is forgotten when an event has ended its step attempt', () => {
    const run = heldRun();
    expect(tasksOf(run, hear())).toEqual(['dispatch', 'wait']);
    expect(run.state.currentStep).toBe(1);
  });
});

describe('the deadline', () => {
  const plan = manifest();
  const timed = {
    ...plan,
    steps: plan.steps.map((step, i) => (i === 0 ? { ...step, timeoutSeconds: 5 } : step)),
  };

  it('is that of the current step attempt, from its first dispatch on', () => {
    const deadline = { at: Date.parse(AT) + 5000, message: late() };
    expect(deadlineOf(timed, start())).toEqual(deadline);
    expect(deadlineOf(timed, after(hear({ status: 'open' })))).toEqual(deadline);
    expect(deadlineOf(timed, after(refused(), retry()))).toMatchObject({ at: Date.parse(LATER) + 5000 });
  });

  it('does not exist where nothing can be late', () => {
    expect(deadlineOf(timed, after(paused()))).toBeUndefined();
    expect(deadlineOf(manifest(), start())).toBeUndefined();
    expect(deadlineOf(timed, after(refused()))).toBeUndefined();
    expect(deadlineOf(timed, after(hear()))).toBeUndefined();
  });
});
