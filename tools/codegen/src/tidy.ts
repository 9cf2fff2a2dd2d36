/**
 * An answer without a body comes out as `any`, except for a 204: say `void`, as it is.
 */
export function tidyClient(source: string): string {
  return source.replaceAll('CancelablePromise<any>', 'CancelablePromise<void>');
}

/**
 * Two rules of ours which the generator has no option for:
 * an absent field is absent, not `undefined`, so that what a schema infers equals the generated type under
 * `exactOptionalPropertyTypes`; and parameter objects are plain objects, so that their `shape` can be read.
 */
export function tidyZod(source: string): string {
  return source
    .replaceAll(/^( {4}\}\))\.optional\(\)$/gm, '$1')
    .replaceAll('z.optional(', 'z.exactOptional(')
    .replaceAll('.optional()', '.exactOptional()');
}
