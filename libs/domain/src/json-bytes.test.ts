import fc from 'fast-check';
import { cutToJsonBytes, jsonBytes } from './json-bytes';

const anyText = fc.string({ unit: 'binary', maxLength: 200 });
/** With halves of surrogate pairs, which JSON escapes. */
const anyUnits = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 })
  .map((units) => String.fromCharCode(...units));
const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe('bytes of JSON', () => {
  it('are those that are sent', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, anyUnits), (text) => {
        expect(jsonBytes({ [text]: [text, 1] })).toBe(bytesOf({ [text]: [text, 1] }));
      }),
    );
    expect(jsonBytes(undefined)).toBe(0);
    expect(jsonBytes('\u0001')).toBe(8);
    expect(jsonBytes('\ud800')).toBe(8);
  });
});

describe('a text cut to bytes of JSON', () => {
  it('fits, is the beginning of the whole one, and ends in no half character', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, anyUnits), fc.integer({ min: 5, max: 300 }), (text, limit) => {
        const cut = cutToJsonBytes(text, limit);
        expect(bytesOf(cut)).toBeLessThanOrEqual(limit);
        if (bytesOf(text) <= limit) expect(cut).toBe(text);
        else {
          const kept = Array.from(cut.slice(0, -1));
          expect(cut.endsWith('…')).toBe(true);
          expect(Array.from(text).slice(0, kept.length)).toEqual(kept);
        }
      }),
    );
  });

  it('keeps as much as fits', () => {
    expect(cutToJsonBytes('a'.repeat(100), 15)).toBe(`${'a'.repeat(10)}…`);
    expect(cutToJsonBytes('😀'.repeat(100), 15)).toBe('😀😀…');
    expect(cutToJsonBytes('\u0001'.repeat(100), 17)).toBe('\u0001\u0001…');
  });
});
