import { processBirth } from './alive';

it('tells a process from others, and is the same each time', () => {
  const mine = processBirth(process.pid);
  expect(mine).toBe(processBirth(process.pid));
  expect(mine).not.toBe(processBirth(2 ** 30));
});
