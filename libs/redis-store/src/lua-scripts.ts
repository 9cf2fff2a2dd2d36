import { readdirSync, readFileSync } from 'node:fs';

/** Under a bundle the files lie in `lua/` beside it. */
const FOLDER = new URL('./lua/', import.meta.url);
const INCLUDE = /^-- @include ([a-z-]+)$/gm;

/** Every script by name, with its includes in place. Fragments come along; nobody runs them. */
export function loadScripts(): Map<string, string> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.lua'));
  const texts = new Map(
    files.map((file) => [file.slice(0, -'.lua'.length), readFileSync(new URL(file, FOLDER), 'utf8')]),
  );
  return new Map([...texts].map(([name, text]) => [name, resolved(name, text, texts)]));
}

/** Fragments may include others; each is put in place once, where it is first included. */
function resolved(
  name: string,
  text: string,
  texts: ReadonlyMap<string, string>,
  placed = new Set<string>(),
): string {
  return text.replace(INCLUDE, (_, included: string) => {
    const fragment = texts.get(included);
    if (fragment === undefined) throw new Error(`${name}.lua includes ${included}, which does not exist`);
    if (placed.has(included)) return '';
    placed.add(included);
    return resolved(included, fragment, texts, placed);
  });
}
