import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from '@loom/ports';
import { markFailure } from './access-log';
import { HttpError } from './http-error';
import { instanceOf, toProblem } from './problem';
import { requestIdOf } from './request-id';

/** The one place where errors become answers. */
export function errorHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const { problem, headers } = toProblem(error, instanceOf(request.path));
    if (problem.code === 'internal') {
      logger.error('request failed', { requestId: requestIdOf(response), code: problem.code, error });
    } else if (problem.status >= 500) {
      markFailure(response, problem.code, error);
    }
    // Express cuts the connection of an answer that has begun.
    if (response.headersSent) {
      next(error);
      return;
    }
    response.status(problem.status).set(headers).type('application/problem+json').json(problem);
  };
}

/** Whatever no route has taken. */
export const notFound: RequestHandler = () => {
  throw new HttpError('not_found', 'there is nothing at this path');
};

/** For a path that has routes, but none for the method. */
export function methodNotAllowed(allowed: readonly string[]): RequestHandler {
  const allow = allowed.join(', ');
  return () => {
    throw new HttpError('method_not_allowed', `this path takes ${allow}`, { allow });
  };
}
