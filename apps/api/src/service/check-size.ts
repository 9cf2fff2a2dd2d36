import { PayloadTooLargeError } from '@loom/domain';

/** No UTF-16 unit takes more bytes of UTF-8. */
const MOST_BYTES_PER_UNIT = 3;

/** Bytes of `value` as UTF-8 JSON when that is over `limit`, else undefined. */
export function bytesOver(value: unknown, limit: number): number | undefined {
  const text = JSON.stringify(value);
  // Most values are far below their limit, and need no count of their bytes.
  if (text.length * MOST_BYTES_PER_UNIT <= limit) return undefined;
  const bytes = new TextEncoder().encode(text).length;
  return bytes > limit ? bytes : undefined;
}

/** @throws PayloadTooLargeError when `value` has more than `limit` bytes of UTF-8 JSON. `what`: "a candidate". */
export function requireSize(value: unknown, limit: number, what: string, pointer: string): void {
  const bytes = bytesOver(value, limit);
  if (bytes === undefined) return;
  throw new PayloadTooLargeError(`${what} is larger than ${limit / 1024} KiB`, [
    { pointer, message: `has ${bytes} bytes` },
  ]);
}
