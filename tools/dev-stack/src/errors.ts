/** Something the person at the keyboard can mend: programs print its message alone, without a stack. */
export class DevStackError extends Error {
  readonly code = 'dev-stack';

  constructor(message: string) {
    super(message);
    this.name = 'DevStackError';
  }
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
