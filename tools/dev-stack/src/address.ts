import { DevStackError } from './errors';

export interface HostPort {
  host: string;
  port: number;
}

/**
 * Splits `host:port`; `[::1]:6379` is understood too.
 * @throws DevStackError naming `variable` when it is something else.
 */
export function parseAddress(text: string, variable: string): HostPort {
  const match = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})$/.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port < 1 || port > 65_535) {
    throw new DevStackError(`${variable}=${text} is not an address: write it as host:port`);
  }
  return { host, port };
}
