/** On whose behalf a mutation happens; kept with what it changed. */
export interface Actor {
  /** Name for records and audit; `anonymous` where authentication is off. */
  id: string;
  role: 'viewer' | 'operator' | 'migrator' | 'admin';
}

/** The principal of a loopback caller while no authentication is configured. */
export const ANONYMOUS: Actor = { id: 'anonymous', role: 'admin' };
