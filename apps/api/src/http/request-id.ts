import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';

const HEADER = 'x-request-id';
/** Short, and nothing that could break a log line or a header. */
const SANE = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/** Names the request, by the caller's own name for it when that is a sane one, and says so in the answer. */
export const requestId: RequestHandler = (request, response, next) => {
  const given = request.get(HEADER);
  response.set(HEADER, given !== undefined && SANE.test(given) ? given : randomUUID());
  next();
};

/** The id of the request that `response` answers. */
export function requestIdOf(response: Response): string {
  return response.get(HEADER) ?? '';
}
