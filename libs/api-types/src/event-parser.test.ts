import { createEventParser, type EventFrame } from './event-parser';

function parse(...pieces: string[]): { frames: EventFrame[]; retries: number[] } {
  const frames: EventFrame[] = [];
  const retries: number[] = [];
  const push = createEventParser({ onFrame: (f) => frames.push(f), onRetry: (ms) => retries.push(ms) });
  for (const piece of pieces) push(piece);
  return { frames, retries };
}

const STREAM = [
  ': welcome',
  'retry: 2500',
  '',
  'id: 7-0',
  'event: candidate',
  'data: {"a":1,',
  'data: "b":2}',
  '',
  'data:no space',
  'unknown: field',
  '',
  '',
].join('\n');

const FRAMES: EventFrame[] = [
  { id: '7-0', event: 'candidate', data: '{"a":1,\n"b":2}' },
  { id: '7-0', event: 'message', data: 'no space' },
];

describe('createEventParser', () => {
  it('reads comments, retry, id, event and data of several lines', () => {
    expect(parse(STREAM)).toEqual({ frames: FRAMES, retries: [2500] });
  });

  it.each(['\n', '\r\n', '\r'])('reads the same wherever the stream is split, with line end %j', (end) => {
    const text = STREAM.replaceAll('\n', end);
    for (let at = 0; at <= text.length; at += 1) {
      expect(parse(text.slice(0, at), text.slice(at))).toEqual({ frames: FRAMES, retries: [2500] });
    }
    expect(parse(...Array.from(text))).toEqual({ frames: FRAMES, retries: [2500] });
  });

  it('does not take the LF of a split CRLF for a blank line, also after an empty piece', () => {
    expect(parse('data: a\r', '', '\ndata: b\r\n\r\n').frames).toEqual([{ event: 'message', data: 'a\nb' }]);
  });

  it('drops a frame without data, but keeps its id for the next', () => {
    expect(parse('id: 1\nevent: step\n\ndata: x\n\n').frames).toEqual([
      { id: '1', event: 'message', data: 'x' },
    ]);
  });

  it('dispatches an empty data line, and drops what the end cuts off', () => {
    expect(parse('data\n\ndata: half').frames).toEqual([{ event: 'message', data: '' }]);
  });

  it('takes only one space from the start of a value, and ignores a bad id and a bad retry', () => {
    const result = parse('id: 1\nid: 2\u00003\nretry: soon\ndata:  two\n\n');
    expect(result).toEqual({ frames: [{ id: '1', event: 'message', data: ' two' }], retries: [] });
  });
});
