/**
 * Runs a store write as a local activity, and as a regular one when that does not succeed at once. Both are
 * idempotent, so it does not matter whether the first one took effect. Call it in a non-cancellable scope.
 */
export async function localFirst<T>(quick: () => Promise<T>, durable: () => Promise<T>): Promise<T> {
  try {
    return await quick();
  } catch {
    return await durable();
  }
}
