/** The same fields, each of which is absent where it was undefined. */
type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** `fields` without those that are undefined: an optional field is absent here, never undefined. */
export function present<T extends object>(fields: T): Present<T> {
  const told: Record<string, unknown> = {};
  // A loop, since whole discoveries pass here: it takes a fifth of what a filter of entries does.
  for (const key in fields) if (fields[key] !== undefined) told[key] = fields[key];
  return told as Present<T>;
}
