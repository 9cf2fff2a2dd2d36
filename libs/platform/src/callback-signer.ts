import { createHmac, timingSafeEqual } from 'node:crypto';
import { callbackText, formatCallbackId } from '@loom/domain';
import type { CallbackAddress } from '@loom/domain';
import type { CallbackSigner } from '@loom/ports';
import type { CallbackKey } from './callback-keys';

/** Signs with the first of `keys` and verifies with each of them: HMAC-SHA256, base64url. */
export function createCallbackSigner(keys: readonly CallbackKey[]): CallbackSigner {
  const [newest] = keys;
  if (newest === undefined) throw new Error('a callback signer needs at least one key');
  const byId = new Map(keys.map((key) => [key.id, key]));
  return {
    sign: (address, nonce) =>
      formatCallbackId({ ...address, keyId: newest.id, mac: macOf(newest, address, nonce) }),
    verify(callback, nonce) {
      const key = byId.get(callback.keyId);
      if (key === undefined) return false;
      // The texts are compared, not the decoded bytes: several base64url texts decode to the same bytes.
      const wanted = Buffer.from(macOf(key, callback, nonce));
      const given = Buffer.from(callback.mac);
      return wanted.length === given.length && timingSafeEqual(wanted, given);
    },
  };
}

function macOf(key: CallbackKey, address: CallbackAddress, nonce: string): string {
  // A line break can stand in neither part, so no two pairs of text and nonce run together to the same input.
  return createHmac('sha256', key.secret)
    .update(`${callbackText(address, key.id)}\n${nonce}`)
    .digest('base64url');
}
