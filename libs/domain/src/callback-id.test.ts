import fc from 'fast-check';
import { callbackText, formatCallbackId, parseCallbackId } from './callback-id';

const signed = fc.record({
  runId: fc.constantFrom('m__c', 'app-chart__billing.api'),
  runAttempt: fc.integer({ min: 1, max: 1_000_000 }),
  stepIndex: fc.nat(199),
  attempt: fc.integer({ min: 1, max: 10_000 }),
  keyId: fc.stringMatching(/^[a-z0-9]{1,8}$/),
  mac: fc.stringMatching(/^[A-Za-z0-9_-]{10,43}$/),
});

describe('callback ids', () => {
  it('come apart into what they were made of', () => {
    fc.assert(
      fc.property(signed, (parts) => {
        expect(parseCallbackId(formatCallbackId(parts))).toEqual(parts);
      }),
    );
  });

  it('put every field under the MAC', () => {
    const base = { runId: 'm__c', runAttempt: 1, stepIndex: 2, attempt: 3 };
    const variants = [
      base,
      { ...base, runId: 'm__d' },
      { ...base, runAttempt: 2 },
      { ...base, stepIndex: 1 },
      { ...base, attempt: 4 },
    ];
    const texts = [...variants.map((v) => callbackText(v, 'k')), callbackText(base, 'l')];
    expect(new Set(texts).size).toBe(texts.length);
  });

  it.each([
    '',
    'm__c',
    'm__c~1~0~1~k',
    'm__c~1~0~1~k~',
    'm__c~-1~0~1~k~m',
    'm__c~1.5~0~1~k~m',
    'm__c~01~0~1~k~m',
    'm__c~1~0~1~k~m~x',
  ])('are not parsed from %j', (text) => {
    expect(parseCallbackId(text)).toBeUndefined();
  });
});
