import { InvalidRequestError } from '@loom/domain';

/** A prune by a discovery that nobody knows must not remove everything: the id may be mistyped. */
export function unknownDiscovery(known: readonly string[]): InvalidRequestError {
  const told = known.length === 0 ? 'none is known' : `known are, the newest first: ${known.join(', ')}`;
  return new InvalidRequestError('there is no such discovery', [
    { pointer: '/discoveryId', message: `is no discovery of this migration; ${told}` },
  ]);
}

/** A discovery that broke before it found anything must not remove everything. */
export function emptyDiscovery(): InvalidRequestError {
  return new InvalidRequestError('the discovery found nothing', [
    {
      pointer: '/discoveryId',
      message: 'submitted no candidate; allowEmpty removes all that are not started',
    },
  ]);
}
