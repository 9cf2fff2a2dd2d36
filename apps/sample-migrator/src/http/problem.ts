import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import type { Logger } from '@loom/ports';
import { LoomRefusedError } from '../discovery/discover';
import { logFailure } from '../log-failure';
import { LoomAwayError } from '../loom/loom-client';
import { ForgeError, GitError, StoreError } from '../ports';

/** A request that is refused on purpose. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly errors?: { pointer: string; message: string }[],
  ) {
    super(message);
  }
}

/** The body as `schema` reads it. @throws RequestError 400 that names each field */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, message }) => ({
    pointer: `/${path.map(String).join('/')}`,
    message,
  }));
  throw new RequestError(400, 'invalid_request', 'the request is not as the contract asks', errors);
}

const RETRY_AFTER_SECONDS = '5';

/**
 * Answers every error as application/problem+json (RFC 9457): 503 where something that this migrator needs is away, and
 * 500 without detail where nobody foresaw it.
 */
export function problemHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    if (error instanceof RequestError) {
      send(response, error.status, error.code, error.message, error.errors);
      return;
    }
    const status = parserStatus(error);
    if (status === 413) {
      send(response, 413, 'payload_too_large', 'the body is too large');
      return;
    }
    if (status !== undefined) {
      send(response, status, 'invalid_request', 'the body is not usable JSON');
      return;
    }
    const failed = { method: request.method, path: request.path, error };
    const detail = unavailable(error);
    if (detail === undefined) {
      logger.error('request failed: an error that nobody foresaw', failed);
      send(response, 500, 'internal', 'internal error of the migrator');
      return;
    }
    logFailure(logger, 'request failed', failed);
    response.set('retry-after', RETRY_AFTER_SECONDS);
    send(response, 503, 'dependency_unavailable', detail);
  };
}

/** What is told of a dependency that failed; undefined for every other error. */
function unavailable(error: unknown): string | undefined {
  if (error instanceof StoreError) return 'redis cannot be used now';
  const told = [GitError, ForgeError, LoomRefusedError, LoomAwayError].some((kind) => error instanceof kind);
  return told && error instanceof Error ? error.message : undefined;
}

/** Answers every other method of a path. */
export function methodNotAllowed(allow: string): RequestHandler {
  return (_request, response) => {
    response.set('allow', allow);
    send(response, 405, 'method_not_allowed', `this path takes ${allow}`);
  };
}

/** Sends one problem. */
export function send(
  response: Response,
  status: number,
  code: string,
  detail: string,
  errors?: { pointer: string; message: string }[],
): void {
  const title = code.replaceAll('_', ' ');
  response
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title,
        status,
        detail,
        instance: response.req.path,
        code,
        ...(errors ? { errors } : {}),
      }),
    );
}

/** The 4xx that express's body parser means. */
function parserStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error) || !('type' in error)) return undefined;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
