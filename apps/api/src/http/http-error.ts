import type { ProblemCode } from '@loom/api-types';
import type { FieldProblem } from '@loom/domain';

/** An error that only HTTP knows of. */
export class HttpError extends Error {
  constructor(
    readonly code: ProblemCode,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
    /** Where in the request it lies: `/header/NAME`. */
    readonly problems: readonly FieldProblem[] = [],
  ) {
    super(message);
  }
}
