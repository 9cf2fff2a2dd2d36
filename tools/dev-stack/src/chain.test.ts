import { firstThatFits, type Link } from './chain';

const passing = (name: string, passed: string): Link<string> => ({
  name,
  attempt: () => Promise.resolve({ passed }),
});

it('asks nobody after the first that fits', async () => {
  const third = jest.fn();
  const links = [
    passing('a', 'no'),
    { name: 'b', attempt: () => Promise.resolve({ found: 'x', says: 'x it is' }) },
  ];
  const report = jest.fn();
  const all = [...links, { name: 'c', attempt: third }];
  await expect(firstThatFits(all, { what: 'Thing', report, advice: '' })).resolves.toBe('x');
  expect(third).not.toHaveBeenCalled();
  expect(report.mock.calls).toEqual([['Thing: x it is']]);
});

it('says why a slow link was passed, so that the wait is explained', async () => {
  let time = 0;
  const slow = {
    name: 'slow',
    attempt: () => Promise.resolve((time += 5_000)).then(() => ({ passed: 'refused' })),
  };
  const report = jest.fn();
  const run = firstThatFits([slow, passing('quick', 'no')], {
    what: 'Thing',
    report,
    advice: 'Do this.',
    now: () => time,
  });
  await expect(run).rejects.toThrow(
    'Thing was found, and none could be obtained. Tried, in this order:\n  slow: refused\n  quick: no\nDo this.',
  );
  expect(report.mock.calls).toEqual([['Thing: not by slow (refused)']]);
});
