/** What the stores write to cannot be used now; the message is for the log. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  constructor(
    message: string,
    /** `away`: it cannot be reached, which its connection tells by itself. `refused`: it said no. */
    readonly kind: 'away' | 'refused' = 'away',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
