import winston from 'winston';
import type { Writable } from 'node:stream';
import type { LogFields, Logger } from '@loom/ports';
import { prettyLine } from './pretty-line';
import { redact, redactText } from './redact';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export const LOG_FORMATS = ['json', 'pretty'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export interface LoggerOptions {
  level: LogLevel;
  format: LogFormat;
  /** Which app speaks; in every line. */
  service: string;
  /** Further facts of the moment in which a line is written, such as the active trace. */
  more?: (() => LogFields) | undefined;
  /** Where lines go; standard output when absent. */
  stream?: Writable;
}

/** One line as it is written, already without secrets. */
export interface LogLine {
  time: string;
  level: string;
  service: string;
  message: string;
  fields: Record<string, unknown>;
}

/**
 * A logger on winston: one JSON object (or one readable line) a message, without secrets, and without ever
 * changing what the caller passed. A field cannot replace time, level, service or message.
 */
export function createLogger(options: LoggerOptions): Logger {
  const render = options.format === 'json' ? jsonLine : prettyLine;
  const backend = winston.createLogger({
    level: options.level,
    // Its own levels, highest first: npm's would bring `http`, `verbose` and `silly`.
    levels: { error: 0, warn: 1, info: 2, debug: 3 },
    format: winston.format.printf((info) => render(info['line'] as LogLine)),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston types its own transport so
    transports: [new winston.transports.Stream({ stream: options.stream ?? process.stdout, eol: '\n' })],
  });
  const write = (level: LogLevel, message: string, fields: LogFields): void => {
    if (!backend.isLevelEnabled(level)) return;
    const line: LogLine = {
      time: new Date().toISOString(),
      level,
      service: options.service,
      message: redactText(message),
      fields: redact({ ...options.more?.(), ...fields }) as Record<string, unknown>,
    };
    // Under one name of its own, since winston mixes a field called `message` into the message.
    backend.log({ level, message: '', line });
  };
  return withFields(write, {});
}

function withFields(
  write: (level: LogLevel, message: string, fields: LogFields) => void,
  base: LogFields,
): Logger {
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void =>
      write(level, message, { ...base, ...fields });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => withFields(write, { ...base, ...fields }),
  };
}

function jsonLine({ fields, ...head }: LogLine): string {
  return JSON.stringify(Object.assign({}, head, fields, head));
}
