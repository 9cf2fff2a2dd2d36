import type { ErrorRequestHandler } from 'express';
import { errorLine, errorProperty, ForgeError, type ForgeErrorCode } from '../errors';

const statuses: Readonly<Record<ForgeErrorCode, number>> = {
  'bad-request': 400,
  'bad-credentials': 401,
  forbidden: 403,
  'not-found': 404,
  'not-allowed': 405,
  'not-acceptable': 406,
  conflict: 409,
  validation: 422,
};

const documentation = 'https://docs.github.com/rest';

/** The refusal a client is told of for any error; undefined for one that is not the client's doing. */
export const refusalOf = (error: unknown): { status: number; message: string; body: object } | undefined => {
  const answer = (status: number, message: string, more: object = {}) => ({
    status,
    message,
    body: { message, ...more, documentation_url: documentation },
  });
  if (error instanceof ForgeError) {
    const { code, message, errors } = error;
    return answer(statuses[code], message, errors.length > 0 ? { errors } : {});
  }
  // What body-parser and the router throw: an error with the status they mean.
  const status = errorProperty(error, 'status');
  if (status === 413) return answer(413, 'Request body is too large');
  if (errorProperty(error, 'type') === 'entity.parse.failed') return answer(400, 'Problems parsing JSON');
  if (typeof status === 'number' && status >= 400 && status < 500) return answer(status, 'Bad Request');
  return undefined;
};

export type ErrorHandlerDeps = {
  readonly warn: (line: string) => void;
  /** What a browser is shown instead of JSON. */
  readonly page: (status: number, message: string) => string;
};

/** Answers errors in GitHub's shape; what is not the client's doing is logged and answered without detail. */
export const createErrorHandler =
  (deps: ErrorHandlerDeps): ErrorRequestHandler =>
  (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const refusal = refusalOf(error);
    if (!refusal) deps.warn(`${req.method} ${req.path}: ${errorLine(error)}`);
    const { status, message, body } = refusal ?? {
      status: 500,
      message: 'Server Error',
      body: { message: 'Server Error' },
    };
    res.status(status);
    if (req.accepts(['json', 'html']) === 'html') res.send(deps.page(status, message));
    else res.json(body);
  };
