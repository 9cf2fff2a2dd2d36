/** One dispatched frame of a `text/event-stream`. */
export interface EventFrame {
  /** The last id seen in the stream, of this frame or an earlier one; what Last-Event-ID carries. */
  id?: string;
  /** `message` when the frame names none. */
  event: string;
  /** All `data` lines, joined by a newline. */
  data: string;
}

export interface EventParserHandlers {
  onFrame: (frame: EventFrame) => void;
  /** The server asks for this many milliseconds before a reconnect. */
  onRetry?: (milliseconds: number) => void;
}

/** Takes decoded text in pieces of any size, split anywhere. */
export type EventParser = (text: string) => void;

/**
 * A parser of one stream, after the "event stream interpretation" of the HTML standard: lines end in LF, CR or
 * CRLF; a blank line dispatches; a frame without data, and one that the stream's end cuts off, are never dispatched.
 */
export function createEventParser(handlers: EventParserHandlers): EventParser {
  const takeLine = createFieldReader(handlers);
  let rest = '';
  let skipLineFeed = false;
  return (text) => {
    rest += skipLineFeed && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') skipLineFeed = false;
    const lines = rest.split(/\r\n|\r|\n/);
    // A CR at the very end already ended its line; should its LF come with the next piece, it is no line of its own.
    if (rest.endsWith('\r')) skipLineFeed = true;
    rest = lines.pop() ?? '';
    for (const line of lines) takeLine(line);
  };
}

/** Collects the fields of a frame, line by line. */
function createFieldReader(handlers: EventParserHandlers): (line: string) => void {
  let id: string | undefined;
  let event = '';
  let data: string[] = [];

  const dispatch = (): void => {
    const frame = { event: event === '' ? 'message' : event, data: data.join('\n') };
    const complete = data.length > 0;
    event = '';
    data = [];
    if (complete) handlers.onFrame(id === undefined ? frame : { id, ...frame });
  };

  return (line) => {
    if (line === '') {
      dispatch();
      return;
    }
    const { field, value } = splitField(line);
    if (field === 'data') data.push(value);
    else if (field === 'event') event = value;
    else if (field === 'id' && !value.includes('\0')) id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) handlers.onRetry?.(Number(value));
  };
}

/** A comment starts with the colon, so its field name is empty and it is nobody's. */
function splitField(line: string): { field: string; value: string } {
  const colon = line.indexOf(':');
  if (colon === -1) return { field: line, value: '' };
  const value = line.slice(colon + 1);
  return { field: line.slice(0, colon), value: value.startsWith(' ') ? value.slice(1) : value };
}
