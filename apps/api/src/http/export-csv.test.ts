import { csvLine } from './export-csv';

describe('a line of CSV', () => {
  it('is what RFC 4180 says: commas between, quotes where needed and doubled inside, CRLF at the end', () => {
    expect(csvLine(['a', 'b c', 3, undefined, ''])).toBe('a,b c,3,,\r\n');
    expect(csvLine(['x,y', 'say "no"', 'two\nlines', 'cr\r'])).toBe(
      '"x,y","say ""no""","two\nlines","cr\r"\r\n',
    );
    expect(csvLine([{ status: 'running', attempt: 1 }])).toBe('"{""status"":""running"",""attempt"":1}"\r\n');
  });

  it('holds no formula, whatever people typed', () => {
    for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\r=1', '\n=1', '＝1', '－1'])
      expect(csvLine([text]).replace(/^"/, '')).toBe(`'${text}${/[\r\n]/.test(text) ? '"' : ''}\r\n`);
    expect(csvLine(['=cmd|"/c calc"!A1'])).toBe('"\'=cmd|""/c calc""!A1"\r\n');
    expect(csvLine(['a=1', '1-2', -1])).toBe('a=1,1-2,-1\r\n');
  });
});
