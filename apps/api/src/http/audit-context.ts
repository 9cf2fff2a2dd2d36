import type { Request, Response } from 'express';
import type { Actor, AuditContext } from '@loom/domain';
import { principalOf } from './auth';
import { requestIdOf } from './request-id';

/** Who asks, in which request and from where. The one place where a mutation gets its author. */
export interface Caller extends AuditContext {
  actor: Actor;
}

export function callerOf(request: Request, response: Response): Caller {
  // An IPv4 client of a socket that takes both.
  const from = request.socket.remoteAddress?.replace(/^::ffff:/, '');
  return {
    actor: principalOf(request),
    requestId: requestIdOf(response),
    ...(from === undefined ? {} : { from }),
  };
}
