import type { AttentionRequest } from './attention-queue';
import type { CursorScope } from './cursor';

/** Whose cursors those of this list are: since when (ms), migration, candidate. */
export function attentionScope({ kinds }: AttentionRequest): CursorScope {
  const of = kinds === undefined ? {} : { kinds: [...new Set(kinds)].sort() };
  return { list: 'attention', of, key: ['whole', 'text', 'text'] };
}
