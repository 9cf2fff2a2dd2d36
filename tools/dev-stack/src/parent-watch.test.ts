import { onParentGone } from './parent-watch';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

it('calls back once, when another process has become the parent', () => {
  let parent = 100;
  const gone = jest.fn();
  onParentGone(gone, () => parent);
  jest.advanceTimersByTime(5_000);
  expect(gone).not.toHaveBeenCalled();
  parent = 1;
  jest.advanceTimersByTime(5_000);
  expect(gone).toHaveBeenCalledTimes(1);
});

it('can be told that it does not matter any more', () => {
  let parent = 100;
  const gone = jest.fn();
  const cancel = onParentGone(gone, () => parent);
  cancel();
  parent = 1;
  jest.advanceTimersByTime(5_000);
  expect(gone).not.toHaveBeenCalled();
});
