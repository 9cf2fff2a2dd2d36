import { parseArguments } from './arguments';

it('measures both settings of the server by itself', () => {
  expect(parseArguments([])).toEqual({
    ...{ settings: ['tuned', 'plain'], bursts: [400, 2000], rounds: 3, out: 'tmp/bench.json' },
  });
});

it('takes others', () => {
  const argv = ['--settings', 'plain', '--bursts', '40', '--rounds', '1', '--compare', 'old.json'];
  expect(parseArguments(argv)).toMatchObject({
    ...{ settings: ['plain'], bursts: [40], rounds: 1, compare: 'old.json' },
  });
});

it.each([[['--settings', 'fast']], [['--bursts', '0']], [['--rounds', 'x']], [['--what']]])(
  'tells how it is used when it gets %j',
  (argv) => {
    expect(() => parseArguments(argv)).toThrow(/usage: npm run bench/);
  },
);
