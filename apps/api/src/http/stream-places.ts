import { HttpError } from './http-error';

interface Limits {
  /** Streams of this process. */
  mostStreams: number;
  /** Of one address. */
  mostPerClient: number;
}

/** Counts open streams, of all and of each address. */
export function createPlaces({ mostStreams, mostPerClient }: Limits) {
  const open = new Map<string, number>();
  let all = 0;
  return {
    /** Answers how to leave again. @throws HttpError `rate_limited` */
    take(client: string): () => void {
      const own = open.get(client) ?? 0;
      if (all >= mostStreams || own >= mostPerClient)
        throw new HttpError('rate_limited', 'too many open streams', { 'retry-after': '5' });
      all += 1;
      open.set(client, own + 1);
      return () => {
        all -= 1;
        const left = (open.get(client) ?? 1) - 1;
        if (left === 0) open.delete(client);
        else open.set(client, left);
      };
    },
  };
}
