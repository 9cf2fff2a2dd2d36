/** Which dispatch a callback answers. */
export interface CallbackAddress {
  runId: string;
  runAttempt: number;
  /** Zero-based position in the run's steps. */
  stepIndex: number;
  /** Step attempt, 1-based. */
  attempt: number;
}

/** A callback id taken apart; the MAC is not yet checked. */
export interface SignedCallback extends CallbackAddress {
  keyId: string;
  mac: string;
}

const SEPARATOR = '~';
const COUNT = /^(?:0|[1-9][0-9]{0,9})$/;

/** The part of a callback id that its MAC covers (together with the run's nonce). */
export function callbackText(address: CallbackAddress, keyId: string): string {
  return [address.runId, address.runAttempt, address.stepIndex, address.attempt, keyId].join(SEPARATOR);
}

/** The opaque id that a migrator posts back unchanged. It is a secret: never log it. */
export function formatCallbackId(signed: SignedCallback): string {
  return callbackText(signed, signed.keyId) + SEPARATOR + signed.mac;
}

/** Takes a callback id apart; undefined when it is not one (a bare run id, or garbage). */
export function parseCallbackId(value: string): SignedCallback | undefined {
  const [runId, runAttempt, stepIndex, attempt, keyId, mac, ...rest] = value.split(SEPARATOR);
  if (!runId || !runAttempt || !stepIndex || !attempt || !keyId || !mac || rest.length > 0) return undefined;
  if (![runAttempt, stepIndex, attempt].every((part) => COUNT.test(part))) return undefined;
  return {
    runId,
    runAttempt: Number(runAttempt),
    stepIndex: Number(stepIndex),
    attempt: Number(attempt),
    keyId,
    mac,
  };
}
