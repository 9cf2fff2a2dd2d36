import { formatCallbackId, parseCallbackId } from '@loom/domain';
import type { SignedCallback } from '@loom/domain';
import fc from 'fast-check';
import { isLoopback, parseCallbackKeys, resolveCallbackKeys } from './callback-keys';
import { createCallbackSigner } from './callback-signer';
import { ConfigError } from './start-error';

const A = { id: 'a', secret: 'secret-of-the-first-key' };
const B = { id: 'b', secret: 'secret-of-the-second-key' };
const address = { runId: 'm__c', runAttempt: 2, stepIndex: 0, attempt: 1 };
const taken = (id: string): SignedCallback => {
  const callback = parseCallbackId(id);
  if (callback === undefined) throw new Error(`not a callback id: ${id}`);
  return callback;
};

describe('parseCallbackKeys', () => {
  it('reads keys in order; a secret may contain colons', () => {
    expect(parseCallbackKeys('a:secret-of-the-first-key, b:x:0123456789abcdef')).toEqual([
      A,
      { id: 'b', secret: 'x:0123456789abcdef' },
    ]);
  });

  it.each([
    ['', 'key 1 is not of the form id:secret'],
    ['a:secret-of-the-first-key,', 'key 2 is not of the form id:secret'],
    ['a b:secret-of-the-first-key', 'the id of key 1'],
    ['abcdefghijklmnopq:secret-of-the-first-key', 'the id of key 1'],
    ['a~b:secret-of-the-first-key', 'the id of key 1'],
    ['a:0123456789abcde', 'the secret of key 1 is shorter than 16'],
    ['a:secret-of-the-first-key,a:secret-of-the-second-key', 'two keys have the same id'],
  ])('refuses %j without telling the secret', (text, message) => {
    expect(() => parseCallbackKeys(text)).toThrow(message);
    expect(() => parseCallbackKeys(text)).not.toThrow('secret-of');
  });
});

describe('resolveCallbackKeys', () => {
  it('takes the configured keys anywhere, without a warning', () => {
    expect(resolveCallbackKeys({ host: '0.0.0.0', keys: [A] })).toEqual({ keys: [A] });
  });

  it.each(['127.0.0.1', 'localhost', '::1', '[::1]', '127.9.9.9'])(
    'warns of the development key on %s',
    (host) => {
      const { keys, warning } = resolveCallbackKeys({ host });
      expect(keys).toHaveLength(1);
      expect(warning).toMatch(/LOOM_CALLBACK_KEYS.*insecure/);
      expect(warning).not.toContain(keys[0]?.secret);
    },
  );

  it.each(['0.0.0.0', '::', '10.0.0.1', 'loom.example', '127.example', ''])(
    'refuses to start without keys on %j',
    (host) => {
      expect(isLoopback(host)).toBe(false);
      expect(() => resolveCallbackKeys({ host, keys: [] })).toThrow(ConfigError);
    },
  );
});

describe('callback signer', () => {
  it('verifies what it signed, with that nonce only', () => {
    const signer = createCallbackSigner([A]);
    const callback = taken(signer.sign(address, 'nonce-1'));
    expect(callback).toMatchObject({ ...address, keyId: 'a' });
    expect(signer.verify(callback, 'nonce-1')).toBe(true);
    expect(signer.verify(callback, 'nonce-2')).toBe(false);
  });

  it('signs with the first key and accepts both while they rotate', () => {
    const [old, rotating, done] = [[A], [B, A], [B]].map((keys) => createCallbackSigner(keys));
    const before = taken(old?.sign(address, 'n') ?? '');
    const after = taken(rotating?.sign(address, 'n') ?? '');
    expect([before.keyId, after.keyId]).toEqual(['a', 'b']);
    expect([rotating?.verify(before, 'n'), rotating?.verify(after, 'n')]).toEqual([true, true]);
    expect([done?.verify(before, 'n'), done?.verify(after, 'n')]).toEqual([false, true]);
  });

  it('refuses any change of any field', () => {
    const signer = createCallbackSigner([A, { ...A, id: 'a2' }]);
    const callback = taken(signer.sign(address, 'n'));
    const changes: Partial<SignedCallback>[] = [
      { runId: 'm__d' },
      { runAttempt: 3 },
      { stepIndex: 1 },
      { attempt: 2 },
      { keyId: 'a2' },
      { mac: '' },
      { mac: `${callback.mac}A` },
      { mac: callback.mac.slice(0, -1) },
    ];
    for (const change of changes)
      expect([change, signer.verify({ ...callback, ...change }, 'n')]).toEqual([change, false]);
  });

  it('refuses other texts that decode to the same bytes', () => {
    const signer = createCallbackSigner([A]);
    const callback = taken(signer.sign(address, 'n'));
    const last = callback.mac.at(-1) ?? '';
    const twins = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
      .map((letter) => callback.mac.slice(0, -1) + letter)
      .filter((mac) => Buffer.from(mac, 'base64url').equals(Buffer.from(callback.mac, 'base64url')));
    expect(twins.length).toBeGreaterThan(1);
    for (const mac of twins) expect(signer.verify({ ...callback, mac }, 'n')).toBe(mac.at(-1) === last);
  });

  it('never takes one address for another', () => {
    const signer = createCallbackSigner([A]);
    const part = fc.record({ runAttempt: fc.nat(20), stepIndex: fc.nat(20), attempt: fc.nat(20) });
    fc.assert(
      fc.property(part, part, fc.string(), fc.string(), (one, other, nonce, otherNonce) => {
        const { mac, keyId } = taken(signer.sign({ runId: 'm__c', ...one }, nonce));
        const same = nonce === otherNonce && JSON.stringify(one) === JSON.stringify(other);
        const moved = taken(formatCallbackId({ runId: 'm__c', ...other, keyId, mac }));
        return signer.verify(moved, otherNonce) === same;
      }),
    );
  });
});
