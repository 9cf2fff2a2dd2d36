import { slowTable, tableOf } from './report';

describe('the report of a bench', () => {
  it('has a column a size, and tells the last against the one before', () => {
    const table = tableOf([
      { what: 'list', size: 1000, values: { p50: 1, p99: 2, trips: 2 } },
      { what: 'list', size: 10_000, values: { p50: 1.5, p99: 3, trips: 2 } },
      { what: 'submit', size: 10_000, values: { perSecond: 12_345.6 } },
    ]);
    expect(table.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['p50 / p99 in ms', '1,000', '10,000', 'last / one before'],
      ['list', '1.00 / 2.00 · 2 trips', '1.50 / 3.00 · 2 trips', '1.50x'],
      ['submit', '12,346/s'],
    ]);
  });

  it('names what blocked Redis', () => {
    const lines = slowTable([{ name: 'loom:page', longestMs: 15.26, over5ms: 3, over15ms: 1 }]).split('\n');
    expect(lines[1]?.split(/ {2,}/)).toEqual(['loom:page', '15.3 ms', '3', '1']);
  });
});
