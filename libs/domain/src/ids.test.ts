import fc from 'fast-check';
import { isId, MAX_ID_LENGTH, parseRunId, runId } from './ids';

const anyId = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$/).filter(isId);

describe('run ids', () => {
  it('are taken apart into exactly the ids they were made of', () => {
    fc.assert(
      fc.property(anyId, anyId, (migrationId, candidateId) => {
        expect(parseRunId(runId(migrationId, candidateId))).toEqual({ migrationId, candidateId });
      }),
    );
  });

  it('are never the same for two different pairs', () => {
    fc.assert(
      fc.property(anyId, anyId, anyId, anyId, (m1, c1, m2, c2) => {
        expect(runId(m1, c1) === runId(m2, c2)).toBe(m1 === m2 && c1 === c2);
      }),
    );
  });

  it('are not parsed from anything else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseRunId(text);
        if (parsed !== undefined) expect(runId(parsed.migrationId, parsed.candidateId)).toBe(text);
      }),
    );
    for (const text of ['', 'a', 'a__', '__b', 'a__b__c', 'a___b', 'a__-b', 'a__b~1'])
      expect(parseRunId(text)).toBeUndefined();
  });

  it('are not made of malformed ids', () => {
    expect(() => runId('a__b', 'c')).toThrow(/migration id/);
    expect(() => runId('a', 'c_')).toThrow(/candidate id/);
  });
});

describe('ids', () => {
  it.each(['a', '7', 'billing-api', 'a.b_c-d', 'A'.repeat(MAX_ID_LENGTH)])('may be %s', (id) => {
    expect(isId(id)).toBe(true);
  });

  it.each([
    '',
    '-a',
    'a-',
    '.a',
    'a_',
    'a__b',
    'a b',
    'a/b',
    'ä',
    'a\n',
    '{a}',
    'A'.repeat(MAX_ID_LENGTH + 1),
  ])('may not be %j', (id) => {
    expect(isId(id)).toBe(false);
  });
});
