import { createHash } from 'node:crypto';
import type { Idempotency } from '@loom/ports';
import type { Caller } from './audit-context';
import type { OperationId } from './validate';

/**
 * The caller's key, bound to the principal and to what was asked. Spread it into a command: `{}` without a key.
 * `asked` holds the target and the body as parsed, so that white space and unknown fields make no difference.
 */
export function idempotency(
  key: string | undefined,
  { actor }: Caller,
  operation: OperationId,
  asked: unknown,
): { idempotency?: Idempotency } {
  if (key === undefined) return {};
  const fingerprint = createHash('sha256')
    .update(stableJson([operation, asked]))
    .digest('base64url');
  return { idempotency: { key: JSON.stringify([actor.id, key]), fingerprint } };
}

/** JSON that does not depend on the order in which keys were written. */
function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
