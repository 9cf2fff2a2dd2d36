import { InvalidRequestError } from './errors';

/** Longest id in characters; three of them and the separators stay far below Temporal's 1,000-byte workflow ids. */
export const MAX_ID_LENGTH = 128;

const ID_SHAPE = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const SEPARATOR = '__';

/** True when `value` may name a migration or a candidate: `[A-Za-z0-9]` with inner `.`, `_`, `-`, never `__`. */
export function isId(value: string): boolean {
  return value.length <= MAX_ID_LENGTH && ID_SHAPE.test(value) && !value.includes(SEPARATOR);
}

/**
 * The run id `{migrationId}__{candidateId}`, which is the Temporal workflow id as well.
 * @throws InvalidRequestError when either part is not an id: only then is `parseRunId` exact.
 */
export function runId(migrationId: string, candidateId: string): string {
  if (!isId(migrationId))
    throw new InvalidRequestError('the migration id is malformed', [
      { pointer: '/migrationId', message: 'not an id' },
    ]);
  if (!isId(candidateId))
    throw new InvalidRequestError('the candidate id is malformed', [
      { pointer: '/candidateId', message: 'not an id' },
    ]);
  return `${migrationId}${SEPARATOR}${candidateId}`;
}

/** Inverse of `runId`; undefined for anything that `runId` cannot have made. */
export function parseRunId(value: string): { migrationId: string; candidateId: string } | undefined {
  const [migrationId, candidateId, ...rest] = value.split(SEPARATOR);
  if (migrationId === undefined || candidateId === undefined || rest.length > 0) return undefined;
  return isId(migrationId) && isId(candidateId) ? { migrationId, candidateId } : undefined;
}
