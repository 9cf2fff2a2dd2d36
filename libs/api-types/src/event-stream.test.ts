import { StreamRefusedError, subscribe } from './event-stream';
import { problemOf } from './client';
import type { LoomEvent } from './loom-event';

const URL = 'http://loom.test/events';
const reset = (id: string): string => `id: ${id}\nevent: reset\ndata: {"reason":"r${id}"}\n\n`;

/** A connection of the fake server: sends pieces of bytes, then ends, or stays open until it is aborted. */
function stream(pieces: (string | Uint8Array)[], end: 'close' | 'stay' = 'close') {
  return (signal: AbortSignal): Response => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        signal.addEventListener('abort', () => controller.error(signal.reason));
        for (const piece of pieces) {
          controller.enqueue(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece);
        }
        if (end === 'close') controller.close();
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };
}

type Answer = (signal: AbortSignal) => Response;

/** Subscribes to the scripted answers, one a connection; the test ends it by `until`, or by a 204 at their end. */
async function follow(
  answers: Answer[],
  options: { until?: (events: LoomEvent[]) => boolean; lastEventId?: string; silenceMs?: number } = {},
) {
  const { until, ...rest } = options;
  const requests: (string | null)[] = [];
  const waits: number[] = [];
  const events: LoomEvent[] = [];
  const errors: unknown[] = [];
  const ending = new AbortController();
  const respond = (init?: RequestInit): Response => {
    requests.push(new Headers(init?.headers).get('last-event-id'));
    const answer = answers[requests.length - 1];
    return answer === undefined ? new Response(null, { status: 204 }) : answer(init?.signal ?? ending.signal);
  };
  await subscribe(URL, {
    ...rest,
    fetch: (_url, init) => Promise.resolve(init).then(respond),
    signal: ending.signal,
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    onError: (error) => errors.push(error),
    onEvent: (event) => {
      events.push(event);
      if (until?.(events) === true) ending.abort();
    },
  });
  return { requests, waits, events, errors };
}

describe('subscribe', () => {
  it('delivers typed events, whatever way their bytes are split', async () => {
    const bytes = new TextEncoder().encode('id: 1\nevent: reset\ndata: {"reason":"größer …"}\n\n');
    const { events } = await follow([stream([...bytes].map((byte) => Uint8Array.of(byte)))]);
    expect(events).toEqual([{ id: '1', type: 'reset', data: { reason: 'größer …' } }]);
  });

  it('reconnects with the id of the last event', async () => {
    const { requests, events } = await follow([stream([reset('1'), reset('2')]), stream([reset('3')])], {
      lastEventId: '0',
    });
    expect(requests).toEqual(['0', '2', '3']);
    expect(events.map((event) => event.id)).toEqual(['1', '2', '3']);
  });

  it('ends with the abort, and delivers nothing after it', async () => {
    const { events, requests } = await follow([stream([reset('1') + reset('2')], 'stay')], {
      until: (all) => all.length === 1,
    });
    expect(events).toHaveLength(1);
    expect(requests).toHaveLength(1);
  });

  it('waits longer with each failure, and starts over once a stream has said something', async () => {
    const refuse: Answer = () => {
      throw new TypeError('fetch failed');
    };
    const { waits, errors } = await follow([refuse, refuse, refuse, stream([': hello\n\n'])]);
    const [first = 0, second = 0, third = 0, afterStream = 0] = waits;
    expect(first).toBeGreaterThanOrEqual(500);
    expect(second).toBeGreaterThanOrEqual(first);
    expect(third).toBeGreaterThanOrEqual(2000);
    expect(afterStream).toBeLessThanOrEqual(1000);
    expect(errors).toHaveLength(3);
  });

  it('honours Retry-After, and the retry of the stream', async () => {
    const busy: Answer = () => new Response('', { status: 503, headers: { 'retry-after': '20' } });
    const { waits } = await follow([busy, stream(['retry: 100000\n\n'])]);
    expect(waits[0]).toBe(20_000);
    expect(waits[1]).toBeGreaterThanOrEqual(50_000);
  });

  it('gives up a connection that fell silent', async () => {
    const { requests, errors } = await follow([stream([reset('1')], 'stay')], { silenceMs: 20 });
    expect(requests).toEqual([null, '1']);
    expect(errors).toEqual([expect.objectContaining({ message: 'the event stream fell silent' })]);
  });

  it('reports and skips an event that does not fit, and ignores an unknown one', async () => {
    const wrong = 'id: 1\nevent: counts\ndata: {"migrationId":7}\n\n';
    const unknown = 'id: 2\nevent: rollout\ndata: {}\n\n';
    const { events, errors, requests } = await follow([stream([wrong, unknown, reset('3')])]);
    expect(events.map((event) => event.id)).toEqual(['3']);
    expect(errors).toHaveLength(1);
    expect(requests).toEqual([null, '3']);
  });

  it('rejects where asking again would not help', async () => {
    const answer: Answer = () => new Response('{"code":"forbidden"}', { status: 403 });
    const refused = await follow([answer]).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StreamRefusedError);
    expect(refused).toMatchObject({ status: 403, body: '{"code":"forbidden"}' });
    expect(problemOf(refused)).toBeUndefined();
  });

  it('takes a 200 that is no stream for a passing fault', async () => {
    const { errors } = await follow([() => new Response('<html>')]);
    expect(errors).toEqual([expect.objectContaining({ status: 502 })]);
  });
});
