import type { LogLine } from './logger';

/** `12:30:01.123 info  message key=value …` on one line, then the stacks of its errors, indented. */
export function prettyLine({ time, level, message, fields }: LogLine): string {
  const stacks: string[] = [];
  const pairs = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${isError(value) ? shortError(key, value, stacks) : plain(value)}`);
  const head = `${time.slice(11, 23)} ${level.padEnd(5)} ${[visible(message), ...pairs].join(' ')}`;
  return [head, ...stacks].join('\n');
}

function plain(value: unknown): string {
  if (typeof value === 'string' && /^[\w./:@~[\]-]+$/.test(value)) return value;
  return visible(JSON.stringify(value));
}

interface ErrorFields extends Record<string, unknown> {
  message: string;
  stack: string;
}

function isError(value: unknown): value is ErrorFields {
  return typeof value === 'object' && value !== null && 'stack' in value && typeof value.stack === 'string';
}

function shortError(key: string, error: ErrorFields, stacks: string[]): string {
  stacks.push(indent(error.stack));
  for (let { cause } = error; cause !== undefined;) {
    if (!isError(cause)) {
      stacks.push(indent(`caused by ${key}: ${plain(cause)}`));
      break;
    }
    stacks.push(indent(`caused by ${cause.stack}`));
    cause = cause['cause'];
  }
  return visible(JSON.stringify(error.message));
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${visible(line)}`)
    .join('\n');
}

/** Control characters made visible: a value must neither break the line nor steer the terminal. */
function visible(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this looks for
  return text.replace(/[\u0000-\u001f\u007f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
