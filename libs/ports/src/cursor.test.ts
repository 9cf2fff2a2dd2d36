import fc from 'fast-check';
import { InvalidRequestError } from '@loom/domain';
import { decodeCursor, encodeCursor } from './cursor';

const scope = { list: 'candidates', of: { migrationId: 'm', status: ['queued'] } };

describe('cursors', () => {
  it('carry their key through base64url', () => {
    const key = fc.array(fc.oneof(fc.string({ unit: 'grapheme-ascii' }), fc.integer()));
    fc.assert(
      fc.property(key, (parts) => {
        const cursor = encodeCursor(scope, parts);
        expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(decodeCursor(scope, cursor)).toEqual(parts);
      }),
    );
  });

  it('do not mind absent fields, nor their order', () => {
    const cursor = encodeCursor(scope, ['a']);
    const same = { list: 'candidates', of: { kind: undefined, status: ['queued'], migrationId: 'm' } };
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
});
