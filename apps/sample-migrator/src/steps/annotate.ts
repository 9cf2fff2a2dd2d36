import { type Document, isMap, isNode, isScalar, isSeq, Scalar, type Node, type Pair } from 'yaml';
import { parameterPath, type HelmParameter, type ParameterPath } from './helm-parameters';

/** Puts each parameter's comments above and behind the key that holds its value now. */
export function annotate(document: Document, parameters: readonly HelmParameter[]): void {
  for (const { name, above = [], behind = [] } of parameters) {
    if (above.length + behind.length === 0) continue;
    const [holder, value] = placeOf(document, parameterPath(name));
    // Only a value on the key's own line can have a comment behind it, and only one.
    const fits = isScalar(value) && behind.length === 1 && !value.comment && !isText(value);
    if (holder) addAbove(holder, fits ? above : [...above, ...behind]);
    if (fits) value.comment = behind[0]?.slice(1) ?? null;
  }
}

/** The node that a comment stands above, and the value itself. */
function placeOf(document: Document, path: ParameterPath): [holder: Node | undefined, value: unknown] {
  let holder: Node | undefined;
  let node: unknown = document.contents;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => keyText(item) === String(key));
      if (!pair) return [undefined, undefined];
      // A key that was set by its text is no node yet, and has nowhere to keep a comment.
      if (!isNode(pair.key)) pair.key = new Scalar(pair.key);
      holder = pair.key as Node;
      node = pair.value;
    } else {
      node = isSeq(node) ? node.items[Number(key)] : undefined;
      if (isNode(node)) holder = node;
    }
  }
  return [holder, node];
}

function keyText({ key }: Pair): string {
  return String(isScalar(key) ? key.value : key);
}

function isText({ value }: Scalar): boolean {
  return typeof value === 'string' && value.includes('\n');
}

function addAbove(node: Node, comments: readonly string[]): void {
  if (comments.length === 0) return;
  // A lone `#` is written for a space; for nothing it would be a blank line.
  const lines = comments.map((comment) => comment.slice(1) || ' ');
  node.commentBefore = [...(node.commentBefore ? [node.commentBefore] : []), ...lines].join('\n');
}
