import { Lexer } from 'yaml';

/** A piece of YAML text as the lexer cuts it, with its offset. */
export interface Token {
  text: string;
  start: number;
}

/** The lexer says with this mark, which is no part of the text, that a plain or block scalar follows. */
const SCALAR = '\u001f';
const OTHER_MARKS = new Set(['\u0002', '\u0018']);

/** Everything in `text` that is not the content of a plain or block scalar: indicators, comments, quoted scalars. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let start = 0;
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    if (isScalar) {
      isScalar = false;
      start += token.length;
    } else if (token === SCALAR) {
      isScalar = true;
    } else if (!OTHER_MARKS.has(token)) {
      tokens.push({ text: token, start });
      start += token.length;
    }
  }
  return tokens;
}

/** A comment with its `#`, without the line end. */
export interface Comment {
  text: string;
  start: number;
  /** It has its line for itself (a list item's dash in front does not count). */
  ownLine: boolean;
}

/** The comments of a YAML text, in their order; what looks like one inside a scalar is none. */
export function commentsOf(text: string): Comment[] {
  return tokensOf(text).flatMap(({ text: token, start }) => {
    if (!token.startsWith('#')) return [];
    const lead = text.slice(text.lastIndexOf('\n', start - 1) + 1, start).trim();
    return [{ text: token.trimEnd(), start, ownLine: lead === '' || lead === '-' }];
  });
}

/** Those of `wanted` that are not in `present`: one that is wanted twice must be there twice. */
export function missingFrom(present: readonly string[], wanted: readonly string[]): string[] {
  const left = [...present];
  return wanted.filter((text) => {
    const at = left.indexOf(text);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
