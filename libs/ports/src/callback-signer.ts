import type { CallbackAddress, SignedCallback } from '@loom/domain';

/** Makes and checks the MAC of callback ids. Both sides share the keys; two may be valid while they rotate. */
export interface CallbackSigner {
  /** The callback id for one dispatch, signed with the newest key. */
  sign(address: CallbackAddress, nonce: string): string;
  /** True when the MAC is right for these fields and `nonce`; compares in constant time. */
  verify(callback: SignedCallback, nonce: string): boolean;
}
