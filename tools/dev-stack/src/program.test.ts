import { formatProgram, launchOf, parseProgram, sharesNetwork } from './program';

const plan = {
  tool: 'redis-server',
  directory: '/data',
  ports: [6400, 6401],
  args: (host: string) => ['--bind', host],
};
const image = { kind: 'docker', image: 'redis:7' } as const;

it('writes a program as one word and reads it back', () => {
  for (const program of [{ kind: 'binary', path: '/bin/redis-server' } as const, image]) {
    expect(parseProgram(formatProgram(program))).toEqual(program);
  }
  expect(() => parseProgram('')).toThrow('docker:<image>');
});

it('runs a binary as it is', () => {
  expect(launchOf({ kind: 'binary', path: '/bin/redis-server' }, plan)).toEqual({
    command: '/bin/redis-server',
    args: ['--bind', '127.0.0.1'],
  });
});

it('shares the network with a container on Linux, and removes it by name', () => {
  const { command, args, cleanup } = launchOf(image, plan, 'linux');
  const name = args[args.indexOf('--name') + 1];
  expect([command, ...args].join(' ')).toMatch(/^docker run --rm .*--network host .*--volume \/data:\/data/);
  expect(args.slice(-5)).toEqual(['--entrypoint', 'redis-server', 'redis:7', '--bind', '127.0.0.1']);
  expect(cleanup).toEqual(['docker', 'rm', '--force', '--volumes', name]);
});

it('publishes the ports on the loopback elsewhere', () => {
  const { args } = launchOf(image, plan, 'darwin');
  expect(args.join(' ')).toContain('--publish 127.0.0.1:6400:6400 --publish 127.0.0.1:6401:6401');
  expect(args.slice(-2)).toEqual(['--bind', '0.0.0.0']);
  expect(sharesNetwork(image, 'darwin')).toBe(false);
});
