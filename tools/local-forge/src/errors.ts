/** One entry of GitHub's `errors` list under a 422. */
export type FieldError = {
  readonly resource: string;
  readonly field?: string;
  readonly code: 'invalid' | 'missing_field' | 'already_exists' | 'custom';
  readonly message?: string;
};

/** What can be refused; the HTTP status of each is in `http/error-handler`. */
export type ForgeErrorCode =
  | 'bad-request'
  | 'bad-credentials'
  | 'forbidden'
  | 'not-found'
  | 'not-allowed'
  | 'not-acceptable'
  | 'conflict'
  | 'validation';

/** A refusal that the client is told about, with GitHub's words where GitHub has any. */
export class ForgeError extends Error {
  constructor(
    readonly code: ForgeErrorCode,
    message: string,
    readonly errors: readonly FieldError[] = [],
  ) {
    super(message);
  }
}

/** The refusal of anything that does not exist. */
export const notFound = (): ForgeError => new ForgeError('not-found', 'Not Found');

/** The refusal of a body whose fields cannot be used. */
export const invalid = (...errors: readonly FieldError[]): ForgeError =>
  new ForgeError('validation', 'Validation Failed', errors);

/** A property of whatever was thrown. Errors of Node itself are no `instanceof Error` in every context. */
export const errorProperty = (
  error: unknown,
  name: 'code' | 'name' | 'status' | 'type' | 'message',
): unknown =>
  typeof error === 'object' && error !== null
    ? (error as Readonly<Record<string, unknown>>)[name]
    : undefined;

/** What to say of anything thrown, in one line. */
export const errorLine = (error: unknown): string =>
  String(errorProperty(error, 'message') ?? error).split('\n')[0] ?? '';
