import { DependencyUnavailableError } from '@loom/domain';
import { createTurns } from './turns';

const LONG_MS = 5000;

function gate(): { open: () => void; opened: Promise<void> } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

it('runs works of one key one after another, in order, and of other keys beside them', async () => {
  const turns = createTurns();
  const [first, second] = [gate(), gate()];
  const said: string[] = [];
  const work = (name: string, wait?: Promise<void>) => async (): Promise<string> => {
    said.push(`${name} begins`);
    await wait;
    said.push(`${name} ends`);
    return name;
  };
  const all = [
    turns.take('a', LONG_MS, work('a1', first.opened)),
    turns.take('a', LONG_MS, work('a2', second.opened)),
    turns.take('a', LONG_MS, work('a3')),
    turns.take('b', LONG_MS, work('b1')),
  ];
  await all[3];
  expect(said).toEqual(['a1 begins', 'b1 begins', 'b1 ends']);
  second.open();
  first.open();
  expect(await Promise.all(all)).toEqual(['a1', 'a2', 'a3', 'b1']);
  expect(said.slice(3)).toEqual(['a1 ends', 'a2 begins', 'a2 ends', 'a3 begins', 'a3 ends']);
});

it('goes on after a work that failed, and remembers nothing of what is over', async () => {
  const turns = createTurns();
  const failed = turns.take('a', LONG_MS, () => Promise.reject(new Error('no')));
  const next = turns.take('a', LONG_MS, () => Promise.resolve('yes'));
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('yes');
  await new Promise(setImmediate);
  expect(turns.size()).toBe(0);
});

it('gives up a turn that does not come in time, without doing it, and without letting others in before theirs', async () => {
  const turns = createTurns();
  const held = gate();
  const first = turns.take('a', LONG_MS, () => held.opened);
  const never = jest.fn();
  const late: unknown = await turns.take('a', 10, never).catch((error: unknown) => error);
  expect(late).toBeInstanceOf(DependencyUnavailableError);
  expect(late).toMatchObject({ dependency: 'engine', certain: true });
  const third = jest.fn(() => Promise.resolve());
  const last = turns.take('a', LONG_MS, third);
  await new Promise(setImmediate);
  expect(third).not.toHaveBeenCalled();
  held.open();
  await Promise.all([first, last]);
  expect(third).toHaveBeenCalledTimes(1);
  expect(never).not.toHaveBeenCalled();
});

it('hands on what is left of the time', async () => {
  const turns = createTurns();
  const left = await turns.take('a', LONG_MS, (ms) => Promise.resolve(ms));
  expect(left).toBeGreaterThan(LONG_MS - 1000);
  expect(left).toBeLessThanOrEqual(LONG_MS);
});
