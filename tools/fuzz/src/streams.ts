import fc from 'fast-check';
import { createEventParser, toLoomEvent } from '@loom/api-types';
import type { Answers } from './answers';
import type { Operation } from './operations';

export interface StreamDeps {
  api: string;
  answers: Answers;
  /** Makes a change that every stream tells. */
  change: () => Promise<unknown>;
  /** The migration that it happens in. */
  migrationId: string;
  /** A position that is held. */
  position: () => Promise<string>;
}

/** Of each stream: positions that are held, invented ones, and parameters that the contract does not know. */
const REQUESTS = 60;
const FRAME_LIMIT_MS = 10_000;

interface Asked {
  from: string | undefined;
  lastEventId: string | undefined;
  unknown: boolean;
}

/**
 * Opens streams with generated parameters: each answers as the contract says, and one that opens tells the next change
 * in a frame of a known shape.
 * @returns what was not so
 */
export async function tryStreams(
  streams: readonly Operation[],
  deps: StreamDeps,
  seed: number,
): Promise<string[]> {
  const held = await deps.position();
  const text = fc.oneof(fc.constant(held), fc.constant('0-0'), fc.stringMatching(/^[!-~]{1,40}$/));
  const asked = fc.record<Asked>({
    from: fc.option(text, { nil: undefined }),
    lastEventId: fc.option(text, { nil: undefined }),
    unknown: fc.nat(9).map((n) => n === 0),
  });
  const problems: string[] = [];
  for (const stream of streams) {
    for (const one of fc.sample(asked, { numRuns: REQUESTS, seed })) {
      const problem = await tryStream(stream, one, deps);
      if (problem !== undefined) problems.push(`${stream.id} ${JSON.stringify(one)}: ${problem}`);
    }
  }
  return problems;
}

async function tryStream(stream: Operation, asked: Asked, deps: StreamDeps): Promise<string | undefined> {
  const url = new URL(stream.path.replace('{id}', deps.migrationId), deps.api);
  if (asked.from !== undefined) url.searchParams.set('from', asked.from);
  if (asked.unknown) url.searchParams.set('unknown', '1');
  const over = new AbortController();
  const headers = asked.lastEventId === undefined ? {} : { 'last-event-id': asked.lastEventId };
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.any([over.signal, limit()]) });
    deps.answers.add(stream.id, response.status);
    if (!stream.statuses.includes(response.status)) return `${response.status} is not documented`;
    if (asked.unknown && response.status !== 400) return 'an unknown parameter was taken';
    if (response.status !== 200) return await problemOf(response);
    await deps.change();
    await firstFrame(response);
    return undefined;
  } catch (error) {
    return String(error);
  } finally {
    over.abort();
  }
}

function limit(): AbortSignal {
  return AbortSignal.timeout(FRAME_LIMIT_MS);
}

async function problemOf(response: Response): Promise<string | undefined> {
  const { code } = (await response.json()) as { code?: unknown };
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/problem+json')) return `${response.status} came as ${type}`;
  return typeof code === 'string' ? undefined : `${response.status} without a code`;
}

/** Reads up to the first frame. @throws when it is of an unknown shape, or none comes */
async function firstFrame(response: Response): Promise<void> {
  if (response.body === null) throw new Error('no body');
  let frames = 0;
  const parse = createEventParser({
    onFrame: (frame) => {
      if (toLoomEvent(frame) === undefined) throw new Error(`a frame of an unknown type, ${frame.event}`);
      frames += 1;
    },
  });
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    parse(text);
    if (frames > 0) return;
  }
  throw new Error('it ended without a frame');
}
