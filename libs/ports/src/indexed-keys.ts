import { InvalidRequestError } from '@loom/domain';

/** Most values of one key that `facets` tells, the most frequent first. */
export const FACET_VALUES_TOLD = 1000;

/** The refusal of a metadata key that is not indexed; it names those that are. `pointer` says where it stood. */
export function notIndexed(pointer: string, key: string, indexed: readonly string[]): InvalidRequestError {
  const known = indexed.length === 0 ? 'none' : indexed.join(', ');
  return new InvalidRequestError(`the metadata key ${key} is not indexed`, [
    { pointer, message: `${key} is not indexed; indexed: ${known}` },
  ]);
}

/** Most frequent first, then by value; cut to what is told. */
export function toldValues(values: { value: string; count: number }[]): {
  values: { value: string; count: number }[];
  truncated: boolean;
} {
  const sorted = values
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
  return { values: sorted.slice(0, FACET_VALUES_TOLD), truncated: sorted.length > FACET_VALUES_TOLD };
}
