import type { Answer } from './post-json';

const MAX_DETAIL = 200;
const FIELDS = ['detail', 'message', 'error', 'reason', 'title'];

/** `: ` and the first words in which a migrator said what is wrong, without `secrets`; empty when it said nothing. */
export function answerDetail(answer: Answer, secrets: readonly string[]): string {
  const said = secrets
    .filter((secret) => secret.length > 0)
    .reduce((text, secret) => text.replaceAll(secret, '[redacted]'), saidIn(answer))
    // eslint-disable-next-line no-control-regex -- they must not reach logs and terminals
    .replace(/[\u0000-\u001f\u007f\s]+/g, ' ')
    .trim();
  return said === '' ? '' : `: ${said.slice(0, MAX_DETAIL)}`;
}

function saidIn({ headers, text }: Answer): string {
  const type = String(headers['content-type'] ?? '');
  if (/^text\/html/i.test(type)) return '';
  if (!/[/+]json/i.test(type)) return /^text\//i.test(type) ? text : '';
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'string') return body;
    if (typeof body !== 'object' || body === null) return '';
    const found = FIELDS.map((name) => (body as Record<string, unknown>)[name]).find(
      (v) => typeof v === 'string',
    );
    return typeof found === 'string' ? found : '';
  } catch {
    return text;
  }
}
