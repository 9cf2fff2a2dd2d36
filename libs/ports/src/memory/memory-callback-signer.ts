import { callbackText, formatCallbackId, type CallbackAddress, type SignedCallback } from '@loom/domain';
import type { CallbackSigner } from '../callback-signer';

/** Keyed FNV-1a instead of a MAC: deterministic and really checked, but forgeable. For tests only. */
export class MemoryCallbackSigner implements CallbackSigner {
  constructor(private readonly keyId = 'k1') {}

  sign(address: CallbackAddress, nonce: string): string {
    const mac = digest(callbackText(address, this.keyId), nonce);
    return formatCallbackId({ ...address, keyId: this.keyId, mac });
  }

  verify(callback: SignedCallback, nonce: string): boolean {
    return (
      callback.keyId === this.keyId && callback.mac === digest(callbackText(callback, callback.keyId), nonce)
    );
  }
}

function digest(text: string, nonce: string): string {
  let hash = 0x811c9dc5;
  for (const char of `${nonce}\n${text}`) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
