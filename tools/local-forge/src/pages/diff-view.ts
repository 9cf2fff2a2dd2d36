import type { FileChange } from '../git/diff';
import { html, type Html } from './html';

/** Beyond this a browser suffers more than a reader gains; the whole diff is behind a link. */
const maximumLines = 4_000;

type Line = {
  readonly kind: 'add' | 'del' | 'hunk' | 'same' | 'note';
  readonly old: string;
  readonly new: string;
  readonly text: string;
};

/** Numbers the lines of a unified patch that begins at its first hunk. */
export const parsePatch = (patch: string): Line[] => {
  let before = 0;
  let after = 0;
  return patch.split('\n').map((text): Line => {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(text);
    if (hunk) {
      before = Number(hunk[1]);
      after = Number(hunk[2]);
      return { kind: 'hunk', old: '', new: '', text };
    }
    if (text.startsWith('\\')) return { kind: 'note', old: '', new: '', text };
    if (text.startsWith('+')) return { kind: 'add', old: '', new: String(after++), text };
    if (text.startsWith('-')) return { kind: 'del', old: String(before++), new: '', text };
    return { kind: 'same', old: String(before++), new: String(after++), text };
  });
};

const row = (line: Line): Html =>
  html`<tr class="${line.kind}">
    <td class="n">${line.old}</td>
    <td class="n">${line.new}</td>
    <td class="line">${line.text}</td>
  </tr> `;

const nameOf = ({ path, previousPath }: FileChange): string =>
  previousPath === undefined || previousPath === path ? path : `${previousPath} → ${path}`;

const fileView = (file: FileChange, lines: readonly Line[] | undefined): Html => {
  const counts = html`<span class="plus">+${file.additions}</span>
    <span class="minus">−${file.deletions}</span>`;
  const content =
    lines === undefined
      ? html`<p class="empty">No text to show (${file.status}).</p>`
      : html`<div class="scroll">
          <table class="diff">
            <tbody>
              ${lines.map(row)}
            </tbody>
          </table>
        </div>`;
  return html`<section class="card" aria-label="${file.path}">
    <div class="file-name mono">${nameOf(file)} <span class="quiet">${file.status}</span> ${counts}</div>
    ${content}
  </section>`;
};

/** The changed files as coloured diffs; files past the limit are named only. */
export const diffView = (files: readonly FileChange[], fullDiff: string): Html => {
  let left = maximumLines;
  const shown: Html[] = [];
  for (const file of files) {
    const lines = file.patch === undefined ? undefined : parsePatch(file.patch);
    if (lines && lines.length > left) break;
    left -= lines?.length ?? 1;
    shown.push(fileView(file, lines));
  }
  const hidden = files.slice(shown.length);
  if (hidden.length === 0) return html`${shown}`;
  const names = hidden.slice(0, 200).map((file) => html`<li class="mono">${nameOf(file)}</li>`);
  return html`${shown}
    <section class="card">
      <div class="file-name">
        ${hidden.length} more files, too long to show here: <a href="${fullDiff}">the whole diff</a>
      </div>
      <ul class="files">
        ${names}
      </ul>
    </section>`;
};
