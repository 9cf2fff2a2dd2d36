import { parseArguments } from './arguments';

describe('the arguments of a bench', () => {
  it('are those of the whole design point when none is given', () => {
    expect(parseArguments([])).toEqual({
      sizes: [1000, 10_000, 100_000, 1_000_000],
      submits: 100_000,
      only: ['store', 'migrations', 'http'],
      out: 'tmp/bench-store.json',
    });
  });

  it('choose sizes and parts', () => {
    expect(parseArguments(['--sizes', '2000', '--only', 'http', '--out', 'x.json'])).toMatchObject({
      sizes: [2000],
      only: ['http'],
      out: 'x.json',
    });
  });

  it.each([['--sizes', 'many'], ['--sizes', '10'], ['--what']])(
    'are refused with the usage: %s %s',
    (...args) => {
      expect(() => parseArguments(args)).toThrow(/usage: bench:store/);
    },
  );
});
