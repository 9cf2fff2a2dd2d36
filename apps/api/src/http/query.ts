/** Values of a query: repeated names become lists, `name[KEY]=VALUE` an object. */
export type Query = Record<string, string | string[] | Record<string, string | string[]>>;

const DEEP = /^([^[\]]+)\[(.+)\]$/s;

/**
 * Express's query parser for what the contract has: repetition and one level of deepObject. Unlike `qs` it has no
 * limit at which a list silently becomes an object, and numeric keys stay keys.
 */
export function parseQuery(text: string | undefined): Query {
  const query = Object.create(null) as Query;
  for (const [name, value] of new URLSearchParams(text ?? '')) {
    const [, outer, key] = DEEP.exec(name) ?? [];
    if (outer === undefined || key === undefined) add(query, name, value);
    else add(deepObject(query, outer), key, value);
  }
  return query;
}

function deepObject(query: Query, name: string): Query {
  const there = query[name];
  if (typeof there === 'object' && !Array.isArray(there)) return there;
  const made = Object.create(null) as Record<string, string>;
  // `name=x&name[k]=y` is no deepObject; the string in its list of values fails validation.
  query[name] = there === undefined ? made : [there].flat().concat('[object]');
  return made;
}

function add(query: Query, name: string, value: string): void {
  const there = query[name];
  if (there === undefined) query[name] = value;
  else if (typeof there === 'string') query[name] = [there, value];
  else if (Array.isArray(there)) there.push(value);
  else query[name] = [value];
}
