import type { RequestHandler, Response } from 'express';
import type { Logger } from '@loom/ports';
import { requestIdOf } from './request-id';

const ROUTE = 'route';

/** Remembers which route took the request. */
export function markRoute(path: string): RequestHandler {
  return (_request, response, next) => {
    response.locals[ROUTE] = path;
    next();
  };
}

/** One line a request. It names the route's pattern, never the URL: that of a callback is a secret. */
export function accessLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const began = performance.now();
    response.once('close', () => {
      logger.info('request', {
        method: request.method,
        route: routeOf(response),
        status: response.statusCode,
        ms: Math.round((performance.now() - began) * 10) / 10,
        requestId: requestIdOf(response),
        ...(response.writableFinished ? {} : { aborted: true }),
      });
    });
    next();
  };
}

function routeOf(response: Response): string {
  const route: unknown = response.locals[ROUTE];
  return typeof route === 'string' ? route : '(none)';
}
