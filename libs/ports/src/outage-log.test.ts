import { MemoryLogger } from './memory';
import { createOutageLog } from './outage-log';

describe('the log of an outage', () => {
  const deps = { what: 'redis', address: 'here:1', remedy: 'start it' };

  it('has one line when it begins and one when it is over, whatever happened between', () => {
    const logger = new MemoryLogger();
    let now = 1000;
    const outage = createOutageLog({ ...deps, logger, now: () => now });
    outage.worked();
    for (const reason of ['refused', 'refused', 'reset']) outage.failed(reason);
    now += 2500.4;
    outage.worked();
    outage.worked();
    expect(logger.lines.filter(({ level }) => level !== 'debug')).toEqual([
      {
        level: 'warn',
        message: 'redis cannot be used',
        fields: { address: 'here:1', error: 'refused', remedy: 'start it' },
      },
      { level: 'info', message: 'redis can be used again', fields: { address: 'here:1', afterMs: 2500 } },
    ]);
  });

  it('tells of the next outage again, and of each failure to those who debug', () => {
    const logger = new MemoryLogger();
    const outage = createOutageLog({ ...deps, logger });
    outage.failed('one');
    outage.worked();
    outage.failed('two');
    outage.failed('three');
    expect(logger.lines.map(({ level, fields }) => [level, fields['error']])).toEqual([
      ['warn', 'one'],
      ['info', undefined],
      ['warn', 'two'],
      ['debug', 'three'],
    ]);
  });
});
