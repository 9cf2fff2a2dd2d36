import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * Never a migrator, whatever a policy allows: link-local networks (where clouds serve instance credentials), and
 * the metadata addresses that clouds put elsewhere.
 */
const NEVER: readonly (readonly [cidr: string, what: string])[] = [
  ['169.254.0.0/16', 'a link-local address'],
  ['fe80::/10', 'a link-local address'],
  ['fd00:ec2::/32', 'a metadata address'], // AWS over IPv6
  ['fd20:ce::254/128', 'a metadata address'], // Google over IPv6
  ['100.100.100.200/32', 'a metadata address'], // Alibaba
  ['168.63.129.16/32', 'a metadata address'], // Azure
  ['192.0.0.192/32', 'a metadata address'], // Oracle
];
const RANGES = NEVER.map(([cidr, what]) => ({ range: ipaddr.parseCIDR(cidr), what }));

/** Names under which metadata services answer, whatever they resolve to. */
const NEVER_NAMES = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'metadata.tencentyun.com',
  'instance-data',
  'instance-data.ec2.internal',
]);

/** Networks that carry an IPv4 address inside an IPv6 one, with the byte at which it begins. */
const CARRIERS: readonly (readonly [cidr: string, at: number])[] = [
  ['64:ff9b::/96', 12], // NAT64
  ['64:ff9b:1::/48', 12], // local-use NAT64
  ['2002::/16', 2], // 6to4
  ['::/96', 12], // IPv4-compatible
];
const CARRIED = CARRIERS.map(([cidr, at]) => ({ range: ipaddr.parseCIDR(cidr), at }));

/** What is wrong with `host` by its name alone; undefined when nothing is (it may still resolve to a bad address). */
export function forbiddenName(host: string): string | undefined {
  const name = host.toLowerCase().replace(/\.+$/, '');
  return NEVER_NAMES.has(name) ? 'the name of a metadata service' : undefined;
}

/** What is wrong with the IP address `text`; undefined when nothing is. Text that is no address is refused. */
export function forbiddenAddress(text: string): string | undefined {
  if (!ipaddr.isValid(text)) return 'not an IP address';
  const address = ipaddr.process(text);
  for (const form of [address, ...carriedIn(address)]) {
    const hit = RANGES.find(({ range }) => matches(form, range));
    if (hit !== undefined) return hit.what;
  }
  return undefined;
}

/** True when `host`, as a URL has it, is an address and not a name. */
export function isAddress(host: string): boolean {
  return ipaddr.isValid(host);
}

function carriedIn(address: Address): Address[] {
  return CARRIED.filter(({ range }) => matches(address, range)).map(
    ({ at }) => new ipaddr.IPv4(address.toByteArray().slice(at, at + 4)),
  );
}

function matches(address: Address, [network, bits]: [Address, number]): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}
