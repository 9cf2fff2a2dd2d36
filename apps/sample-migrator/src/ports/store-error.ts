/** What the stores write to cannot be used now; the message is for the log. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}
