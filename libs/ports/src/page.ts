/** A page request: `limit` rows after an opaque `cursor` of the same list. */
export interface PageRequest {
  limit: number;
  cursor?: string;
}

/** A page; `nextCursor` is absent on the last one. */
export interface Page<T> {
  rows: T[];
  nextCursor?: string;
}
