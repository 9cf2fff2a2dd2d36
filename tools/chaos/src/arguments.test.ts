import { parseChaosArguments } from './arguments';

const seven = () => 7;

it('takes a new seed, all faults and their own times by default', () => {
  expect(parseChaosArguments([], seven)).toEqual({
    seed: 7,
    only: [],
    times: undefined,
    list: false,
    keep: false,
  });
});

it('takes a seed, some faults and a number of times', () => {
  const argv = ['--seed', '3', '--only', 'redis', '--only', 'api', '--times', '2', '--list', '--keep'];
  expect(parseChaosArguments(argv, seven)).toEqual({
    seed: 3,
    only: ['redis', 'api'],
    times: 2,
    list: true,
    keep: true,
  });
});

it.each([
  ['--seed', 'x'],
  ['--seed', '-1'],
  ['--times', '0'],
  ['--times', '1.5'],
])('refuses %s %s', (name, value) => {
  expect(() => parseChaosArguments([`${name}=${value}`], seven)).toThrow(
    `${name} ${value} is no whole number`,
  );
});

it('refuses what it does not know', () => {
  expect(() => parseChaosArguments(['--all'], seven)).toThrow("'--all'");
});
