/**
 * Two rules of ours which the generator has no option for:
 * - an answer without a body comes out as `any`, except for a 204: say `void`, as it is;
 * - a success whose body was cut off or is no JSON is an error, not a printed line and an answer of `undefined`.
 */
export function tidyClient(source: string): string {
  return source
    .replaceAll('CancelablePromise<any>', 'CancelablePromise<void>')
    .replaceAll('console.error(error);', 'if (response.ok) throw error;');
}

/**
 * Three rules of ours which the generator has no option for:
 * - an absent field is absent, not `undefined`, so that what a schema infers equals the generated type under
 *   `exactOptionalPropertyTypes`;
 * - parameter objects are plain objects, so that their `shape` can be read;
 * - an integer in a query is digits: coercion would take `1e2`, ` 7` and `0x10` as well.
 */
export function tidyZod(source: string): string {
  return source
    .replaceAll(/^( {4}\}\))\.optional\(\)$/gm, '$1')
    .replaceAll('z.optional(', 'z.exactOptional(')
    .replaceAll('.optional()', '.exactOptional()')
    .replaceAll(
      /z\.coerce\.number\(\)\.int\(\)((?:\.(?:min|max)\(\d+\))*)/g,
      'z.string().regex(/^[0-9]+$/).transform(Number).pipe(z.int()$1)',
    );
}
