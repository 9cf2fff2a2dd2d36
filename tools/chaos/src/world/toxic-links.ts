import type { LinkName, Links, Trouble } from './links';

interface Toxic {
  type: string;
  stream: 'upstream' | 'downstream';
  attributes: Record<string, number>;
}

/** By toxiproxy's own words. A timeout of 0 drops what comes and closes nothing until the toxic is removed. */
const TOXICS: Record<Trouble, Toxic[]> = {
  latency: [{ type: 'latency', stream: 'downstream', attributes: { latency: 700, jitter: 500 } }],
  reset: [
    { type: 'reset_peer', stream: 'upstream', attributes: { timeout: 0 } },
    { type: 'reset_peer', stream: 'downstream', attributes: { timeout: 0 } },
  ],
  'black hole': [
    { type: 'timeout', stream: 'upstream', attributes: { timeout: 0 } },
    { type: 'timeout', stream: 'downstream', attributes: { timeout: 0 } },
  ],
  'answers lost': [{ type: 'timeout', stream: 'downstream', attributes: { timeout: 0 } }],
};

const ASK_LIMIT_MS = 10_000;

/** Links through a toxiproxy whose HTTP API listens at `address` (host:port). */
export function toxicLinks(address: string): Links {
  const proxies = new Map<string, LinkName>();
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`http://${address}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ASK_LIMIT_MS),
    });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`toxiproxy: ${path}: ${answer.status} ${said}`);
    return said === '' ? undefined : JSON.parse(said);
  };
  return {
    async open(name, target) {
      const id = `link-${proxies.size}`;
      const made = await ask('/proxies', { name: id, listen: '127.0.0.1:0', upstream: target });
      proxies.set(id, name);
      return (made as { listen: string }).listen;
    },
    async break(name, trouble) {
      for (const [id] of [...proxies].filter(([, one]) => one === name))
        for (const toxic of TOXICS[trouble]) await ask(`/proxies/${id}/toxics`, toxic);
    },
    async heal() {
      await ask('/reset');
    },
  };
}
