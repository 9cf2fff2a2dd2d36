import { isCancellation } from '@temporalio/workflow';

/**
 * Runs a store write as a local activity, and as a regular one when that does not succeed at once. Both are
 * idempotent, so it does not matter whether the first one took effect.
 */
export async function localFirst<T>(quick: () => Promise<T>, durable: () => Promise<T>): Promise<T> {
  try {
    return await quick();
  } catch (error) {
    if (isCancellation(error)) throw error;
    return await durable();
  }
}
