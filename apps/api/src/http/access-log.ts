import type { RequestHandler, Response } from 'express';
import type { LogFields, Logger } from '@loom/ports';
import { requestIdOf } from './request-id';

const ROUTE = 'route';
const FAILURE = 'failure';
const HEALTH: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/** Remembers which route took the request. */
export function markRoute(path: string): RequestHandler {
  return (_request, response, next) => {
    response.locals[ROUTE] = path;
    next();
  };
}

/** Notes why something that is not ours to mend made the request fail: the request's own line tells it. */
export function markFailure(response: Response, code: string, error: unknown): void {
  response.locals[FAILURE] = { code, error: error instanceof Error ? error.message : String(error) };
}

/** One line a request. It names the route's pattern, never the URL: that of a callback is a secret. */
export function accessLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const began = performance.now();
    response.once('close', () => {
      const failure = response.locals[FAILURE] as LogFields | undefined;
      logger[failure === undefined ? levelOf(response) : 'warn']('request', {
        method: request.method,
        route: routeOf(response),
        status: response.statusCode,
        ms: Math.round((performance.now() - began) * 10) / 10,
        requestId: requestIdOf(response),
        ...failure,
        ...(response.writableFinished ? {} : { aborted: true }),
      });
    });
    next();
  };
}

/** Orchestrators ask every few seconds whether all is well; that it is need not be told. */
function levelOf(response: Response): 'debug' | 'info' {
  return HEALTH.has(routeOf(response)) && response.statusCode < 400 ? 'debug' : 'info';
}

function routeOf(response: Response): string {
  const route: unknown = response.locals[ROUTE];
  return typeof route === 'string' ? route : '(none)';
}
