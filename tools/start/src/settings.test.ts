import { parseArguments, portsFrom, requireDifferentPorts } from './settings';

describe('the arguments of a command', () => {
  it('of start are no fault to inject', () => {
    expect(() => parseArguments(['--kill', 'api'], 'start')).toThrow(
      /Unknown option '--kill'.*\(known: --fresh, --apps N, --dir PATH, --built\)$/s,
    );
  });

  it('of a demo know no --fresh: it always begins anew', () => {
    expect(() => parseArguments(['--fresh'], 'demo')).toThrow(
      /Unknown option '--fresh'.*\(known: --apps N, --dir PATH, --built, --kill api\|worker\|migrator\)$/s,
    );
  });

  it('are taken as they are given', () => {
    expect(parseArguments(['--fresh', '--apps', '3', '--dir', '/some/where'], 'start')).toEqual({
      fresh: true,
      built: false,
      applications: 3,
      directory: '/some/where',
    });
    expect(parseArguments(['--built'], 'demo')).toMatchObject({ built: true });
    expect(parseArguments(['--kill', 'worker'], 'demo')).toMatchObject({ kill: 'worker', applications: 30 });
  });

  it.each([
    [['--apps', '0'], '--apps must be a number from 1 to 500'],
    [['--kill', 'redis'], '--kill must be one of api, worker, migrator'],
    [['--dir', ''], '--dir must name a directory'],
  ])('are refused when they make no sense: %j', (argv, message) => {
    expect(() => parseArguments(argv, 'demo')).toThrow(message);
  });
});

describe('two programs with one port', () => {
  it('are refused in one line that names both variables', () => {
    const ports = portsFrom({ PORT: '29001', LOOM_WORKER_PORT: '29001' });
    expect(() => {
      requireDifferentPorts(ports, ['api', 'worker', 'redis']);
    }).toThrow(/^PORT and LOOM_WORKER_PORT are both 29001: set one of them to another port$/);
  });

  it('are found where one of them is a default, and not where somebody else runs the other', () => {
    const ports = portsFrom({ LOOM_FORGE_PORT: '6399' });
    expect(() => {
      requireDifferentPorts(ports, ['api', 'forge', 'redis']);
    }).toThrow('LOOM_FORGE_PORT and LOOM_REDIS_PORT are both 6399');
    requireDifferentPorts(ports, ['api', 'forge']);
  });
});
