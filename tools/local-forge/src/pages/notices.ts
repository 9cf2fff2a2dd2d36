import { html, type Html } from './html';

/** What a page can say about the action before it; only its key travels in the address. */
const notices = {
  merged: ['clean', 'Merged.'],
  closed: ['plain', 'Closed.'],
  conflict: ['dirty', 'Not merged: it conflicts with its base, or is no longer open.'],
  moved: ['dirty', 'Not merged: its branch has changed. Review it and try again.'],
  failed: ['dirty', 'That was refused.'],
} as const;

export type Notice = keyof typeof notices;

const isNotice = (key: string): key is Notice => Object.hasOwn(notices, key);

/** The notice a page's address asks for; nothing for a key that is none. */
export const noticeOf = (key: string | undefined): Html => {
  if (key === undefined || !isNotice(key)) return html``;
  const [look, text] = notices[key];
  return html`<p class="notice ${look}" role="status">${text}</p>`;
};
