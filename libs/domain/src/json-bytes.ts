/** Bytes of UTF-8 that `value` takes as JSON: what a payload limit counts. A control character alone takes six. */
export function jsonBytes(value: unknown): number {
  const json = JSON.stringify(value) as string | undefined;
  return json === undefined ? 0 : utf8Bytes(json);
}

/** `text`, or as much of its beginning as fits into `limit` bytes of JSON, with an ellipsis; quotes count. */
export function cutToJsonBytes(text: string, limit: number): string {
  // No character takes less than a byte, so the part beyond can never fit.
  if (text.length <= limit && jsonBytes(text) <= limit) return text;
  let bytes = QUOTES + ELLIPSIS_BYTES;
  let kept = '';
  // By code points: half of a surrogate pair would be no character any more.
  for (const character of text) {
    bytes += jsonBytes(character) - QUOTES;
    if (bytes > limit) break;
    kept += character;
  }
  return `${kept}…`;
}

const QUOTES = 2;
const ELLIPSIS_BYTES = 3;

/** Of text without lone surrogates, such as JSON.stringify gives. The domain has neither Buffer nor TextEncoder. */
function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    const isHalfOfPair = unit >= 0xd800 && unit <= 0xdfff;
    bytes += unit < 0x80 ? 1 : unit < 0x800 || isHalfOfPair ? 2 : 3;
  }
  return bytes;
}
