import { createHmac, timingSafeEqual } from 'node:crypto';

/** The headers of a signed dispatch (Standard Webhooks). */
export interface SignatureHeaders {
  id: string | undefined;
  timestamp: string | undefined;
  signature: string | undefined;
}

/** Seconds by which the sender's clock may differ; an older dispatch could be a recorded one. */
const TOLERANCE_SECONDS = 300;

/** The bytes of a secret as Standard Webhooks writes it: base64 behind `whsec_`; anything else is taken as text. */
function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_')
    ? Buffer.from(secret.slice('whsec_'.length), 'base64')
    : Buffer.from(secret);
}

/**
 * True when one of the signatures is of `{id}.{timestamp}.{body}` under one of `secrets` (several while they are
 * rotated), and the timestamp is of now.
 */
export function isSignedDispatch(
  secrets: readonly string[],
  { id, timestamp, signature }: SignatureHeaders,
  body: Buffer,
  nowMs: number,
): boolean {
  if (id === undefined || timestamp === undefined || signature === undefined) return false;
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const given = signature
    .split(' ')
    .filter((part) => part.startsWith('v1,'))
    .map((part) => Buffer.from(part.slice('v1,'.length), 'base64'));
  return secrets.some((secret) => {
    const hmac = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest();
    return given.some((mac) => mac.length === hmac.length && timingSafeEqual(mac, hmac));
  });
}
