/** Facts beside a message; never secrets, never whole candidates. */
export type LogFields = Record<string, unknown>;

/** Structured logging. Implementations redact secrets by key and never change the caller's fields. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` to each line. */
  child(fields: LogFields): Logger;
}
