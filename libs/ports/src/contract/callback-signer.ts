import { parseCallbackId, type SignedCallback } from '@loom/domain';
import type { CallbackSigner } from '../callback-signer';

const ADDRESS = { runId: 'move__a', runAttempt: 2, stepIndex: 1, attempt: 3 };

/** What every CallbackSigner does. */
export function describeCallbackSigner(name: string, make: () => CallbackSigner): void {
  describe(`${name} as a CallbackSigner`, () => {
    const signed = (nonce = 'n'): SignedCallback => {
      const callback = parseCallbackId(make().sign(ADDRESS, nonce));
      if (callback === undefined) throw new Error('what was signed is no callback id');
      return callback;
    };

    it('verifies what it signed, and signs alike every time', () => {
      expect(signed()).toMatchObject(ADDRESS);
      expect(make().verify(signed(), 'n')).toBe(true);
      expect(make().sign(ADDRESS, 'n')).toBe(make().sign(ADDRESS, 'n'));
    });

    const changes: Partial<SignedCallback>[] = [
      { runId: 'move__b' },
      { runAttempt: 1 },
      { stepIndex: 0 },
      { attempt: 4 },
      { keyId: 'unknown' },
      { mac: 'AAAA' },
    ];
    it.each(changes)('refuses one with %j', (change) => {
      expect(make().verify({ ...signed(), ...change }, 'n')).toBe(false);
    });

    it('refuses another nonce: an id of an earlier life of the run', () => {
      expect(make().verify(signed('n'), 'm')).toBe(false);
      expect(make().verify(signed('n'), '')).toBe(false);
    });
  });
}
