import type { RequestHandler } from 'express';
import { callerOf, type Caller } from './audit-context';
import { parseRequest, type Input, type OperationId, type ValidateOptions } from './validate';

/** What a handler answers; without a body there is none on the wire. */
export interface Reply {
  status: number;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** Parses, makes one service call, maps. */
export type Handler<Id extends OperationId> = (input: Input<Id>, caller: Caller) => Reply | Promise<Reply>;

/** The route of one operation: its request is validated against the contract, its reply sent; errors go on to Express. */
export function endpoint<Id extends OperationId>(
  id: Id,
  handle: Handler<NoInfer<Id>>,
  options: ValidateOptions = {},
): RequestHandler {
  return async (request, response) => {
    const reply = await handle(parseRequest(id, request, options), callerOf(request, response));
    response.status(reply.status).set(reply.headers ?? {});
    if (reply.body === undefined) response.end();
    else response.json(reply.body);
  };
}
