import fc from 'fast-check';
import { InvalidRequestError } from '@loom/domain';
import { decodeCursor, encodeCursor, type CursorKey, type CursorScope } from './cursor';

const of = { migrationId: 'm', status: ['queued'] };
const scope: CursorScope = { list: 'candidates', of, key: ['text'] };

describe('cursors', () => {
  it('carry their key through base64url', () => {
    const key = fc.array(fc.oneof(fc.string({ unit: 'grapheme-ascii' }), fc.integer()));
    fc.assert(
      fc.property(key, (parts) => {
        const shape = parts.map((part) => (typeof part === 'string' ? 'text' : 'whole'));
        const cursor = encodeCursor(scope, parts);
        expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(decodeCursor({ ...scope, key: shape }, cursor)).toEqual(parts);
      }),
    );
  });

  it('do not mind absent fields, nor their order', () => {
    const cursor = encodeCursor(scope, ['a']);
    const same = { ...scope, of: { kind: undefined, status: ['queued'], migrationId: 'm' } };
    expect(decodeCursor(same, cursor)).toEqual(['a']);
    expect(decodeCursor(scope, undefined)).toBeUndefined();
  });

  it('are refused by another list or filter, and as garbage', () => {
    const cursor = encodeCursor(scope, ['a']);
    const others = [
      { ...scope, list: 'runs' },
      { ...scope, of: { migrationId: 'm', status: ['running'] } },
    ];
    for (const other of others) expect(() => decodeCursor(other, cursor)).toThrow(InvalidRequestError);
    const texts = [
      '',
      '%',
      'abc',
      btoa('null'),
      btoa('{"l":1}'),
      btoa('{"l":"candidates","s":"x","k":[null]}'),
    ];
    for (const text of texts)
      expect(() => decodeCursor(scope, text.replaceAll('=', ''))).toThrow(InvalidRequestError);
  });

  it.each<[CursorScope['key'], CursorKey]>([
    [['text'], []],
    [['text'], [1]],
    [['text'], ['a', 'b']],
    [['whole'], ['abc']],
    [['whole', 'text'], ['a']],
    [
      ['whole', 'text'],
      ['a', 1],
    ],
    [
      ['whole', 'text'],
      [1.5, 'a'],
    ],
    [
      ['whole', 'text'],
      [1e300, 'a'],
    ],
  ])('of lists by %j are refused with the key %j', (key, parts) => {
    const one = { ...scope, key };
    const problems = [{ pointer: 'cursor', message: 'is not a cursor' }];
    expect(() => decodeCursor(one, encodeCursor(one, parts))).toThrow(
      expect.objectContaining({ problems }) as Error,
    );
  });
});
