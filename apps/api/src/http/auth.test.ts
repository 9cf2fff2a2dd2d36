import type { Request } from 'express';
import { ANONYMOUS } from '@loom/domain';
import { credentialOf, principalOf } from './auth';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('credentialOf', () => {
  it.each([
    ['Bearer KEY', 'KEY'],
    ['bearer  KEY ', 'KEY'],
    [basic('loom:KEY'), 'KEY'],
    [basic('whoever:KEY:with:colons'), 'KEY:with:colons'],
    [basic(':KEY'), 'KEY'],
  ])('finds the key of %s', (header, key) => {
    expect(credentialOf(header)).toBe(key);
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'KEY',
    'Digest x',
    'Bearer a b',
    basic('loom'),
    basic('loom:'),
    'Basic %%%',
  ])('finds none in %s', (header) => {
    expect(credentialOf(header)).toBeUndefined();
  });
});

describe('principalOf', () => {
  it.each([undefined, 'Bearer anything', 'nonsense'])('is anonymous with %s', (header) => {
    expect(principalOf({ get: () => header } as unknown as Request)).toBe(ANONYMOUS);
  });
});
