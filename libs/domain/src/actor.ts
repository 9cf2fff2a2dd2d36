import { ForbiddenError } from './errors';

/** On whose behalf a mutation happens; kept with what it changed. */
export interface Actor {
  /** Name for records and audit; `anonymous` where authentication is off. */
  id: string;
  role: 'viewer' | 'operator' | 'migrator' | 'admin';
}

/** @throws ForbiddenError unless `actor` is an admin */
export function requireAdmin({ role }: Actor): void {
  if (role !== 'admin') throw new ForbiddenError('this needs the role admin');
}

/** The principal of a loopback caller while no authentication is configured. */
export const ANONYMOUS: Actor = { id: 'anonymous', role: 'admin' };
