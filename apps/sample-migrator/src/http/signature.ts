import { createHmac, timingSafeEqual } from 'node:crypto';

const HEADER = /^sha256=([0-9a-f]{64})$/;

/** True when `header` (X-Hub-Signature-256) is the HMAC of exactly these bytes; compared in constant time. */
export function isSignedBy(secret: string, body: Buffer, header: string | undefined): boolean {
  const given = HEADER.exec(header ?? '')?.[1];
  if (given === undefined) return false;
  const expected = createHmac('sha256', secret).update(body).digest();
  return timingSafeEqual(Buffer.from(given, 'hex'), expected);
}
