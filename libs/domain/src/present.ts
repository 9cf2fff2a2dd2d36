/** The same fields, each of which is absent where it was undefined. */
type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** `fields` without those that are undefined: an optional field is absent here, never undefined. */
export function present<T extends object>(fields: T): Present<T> {
  // Nothing in TypeScript's types follows a filter of entries.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
