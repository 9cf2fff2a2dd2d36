import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction, Socket } from 'node:net';
import { Agent, buildConnector } from 'undici';
import type { Dispatcher } from 'undici';
import { forbiddenAddress, forbiddenName, isAddress } from './addresses';

/** The reason why `address` (of `host`) may not be called, or undefined. Asked at connect time, for every address. */
export type EgressPolicy = (target: { host: string; address: string }) => string | undefined;

/** The rules forbid this connection; no repetition helps. The message names host, address and rule. */
export class EgressRefusedError extends Error {
  override readonly name = 'EgressRefusedError';
  readonly code = 'EGRESS_REFUSED';
}

export interface EgressOptions {
  /** An operator's further rules, such as an allow-list. What `addresses.ts` forbids stays forbidden. */
  policy: EgressPolicy;
  /** All addresses of a name; the system's resolver when absent. */
  lookup?: (host: string) => Promise<LookupAddress[]>;
  /** Bound of name look-up, TCP and TLS together. */
  connectTimeoutMs?: number;
  /** Of one migrator; further calls wait in line. */
  connectionsPerOrigin?: number;
}

const CONNECT_TIMEOUT_MS = 5000;
const CONNECTIONS = 256;

/** Nothing is forbidden beyond link-local and metadata addresses. */
export const allowAll: EgressPolicy = () => undefined;

/**
 * The one way out to migrators, and the one place of its rules: an address is checked when the URL spells it, when
 * a name resolves to it (any bad one refuses the name), and once more on the connected socket.
 */
export function createEgressAgent(options: EgressOptions): Dispatcher {
  const check = (host: string, address: string): EgressRefusedError | undefined => {
    const why = forbiddenAddress(address) ?? options.policy({ host, address });
    return why === undefined ? undefined : refused(host, address, why);
  };
  const connect = buildConnector({
    timeout: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    allowH2: false,
    lookup: guardedLookup(options.lookup ?? ((host) => systemLookup(host, { all: true })), check),
  });
  return new Agent({
    connections: options.connectionsPerOrigin ?? CONNECTIONS,
    pipelining: 1,
    connect(target, callback) {
      const host = target.hostname;
      const wrong = isAddress(host) ? check(host, host) : nameProblem(host);
      if (wrong !== undefined) {
        callback(wrong, null);
        return;
      }
      connect(target, (...[error, socket]) => {
        if (error !== null) callback(error, null);
        else settle(host, socket, check, callback);
      });
    },
  });
}

/** The last word: where the socket really went. Look-up and literal checks hold already; this one cannot be bypassed. */
function settle(
  host: string,
  socket: Socket,
  check: (host: string, address: string) => EgressRefusedError | undefined,
  callback: buildConnector.Callback,
): void {
  const wrong = check(host, socket.remoteAddress ?? '');
  if (wrong === undefined) {
    callback(null, socket);
    return;
  }
  socket.destroy();
  callback(wrong, null);
}

function nameProblem(host: string): EgressRefusedError | undefined {
  const why = forbiddenName(host);
  return why === undefined ? undefined : new EgressRefusedError(`${host} is ${why}`);
}

function refused(host: string, address: string, why: string): EgressRefusedError {
  return new EgressRefusedError(
    host === address ? `${address} is ${why}` : `${host} resolves to ${address}: ${why}`,
  );
}

function guardedLookup(
  resolve: (host: string) => Promise<LookupAddress[]>,
  check: (host: string, address: string) => EgressRefusedError | undefined,
): LookupFunction {
  return (host, options, callback) => {
    const answer = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]): void => {
      const [first] = addresses;
      if (error !== null || first === undefined) callback(error ?? notFound(host), []);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    };
    resolve(host).then(
      (addresses) => {
        const wrong = addresses
          .map(({ address }) => check(host, address))
          .find((error) => error !== undefined);
        answer(wrong ?? null, addresses);
      },
      (error: unknown) => answer(error instanceof Error ? error : notFound(host), []),
    );
  };
}

function notFound(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' });
}
