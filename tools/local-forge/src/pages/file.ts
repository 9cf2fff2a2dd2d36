import { ForgeError, notFound } from '../errors';
import type { Content } from '../git/content';
import { treePath } from '../git/names';
import type { Repository } from '../repositories/repositories';
import { html, type Html } from './html';
import { layout, plural } from './layout';

/** A file at a commit, to be shown. */
export type ShownFile = {
  readonly repository: Repository;
  /** The branch, tag or commit that it is of. */
  readonly ref: string;
  readonly path: string;
  readonly size: number;
  /** Undefined for what is no text, or too much of it. */
  readonly text: string | undefined;
};

const maximumShownBytes = 512 * 1024;

/** Where a file of a repository is shown; `HEAD` is its default branch, as on GitHub and Gitea. */
export const filePath = ({ fullName }: Repository, ref: string, path: string): string =>
  `/${fullName}/blob/${`${ref}/${path}`.split('/').map(encodeURIComponent).join('/')}`;

/**
 * Reads what `<ref>/<path>` names; of several readings the one with the shortest ref, since branches have slashes too.
 * @throws not-found
 */
export const readFile = async (
  content: Content,
  repository: Repository,
  named: string,
  defaultBranch: string,
): Promise<ShownFile> => {
  const parts = named.split('/');
  const { directory } = repository;
  for (let length = 1; length < parts.length; length += 1) {
    const ref = parts.slice(0, length).join('/');
    const branch = ref === 'HEAD' ? defaultBranch : ref;
    const commit = await commitOf(content, directory, branch);
    const path = treePath(parts.slice(length).join('/'));
    const entry = commit === undefined ? undefined : await content.entry(directory, commit, path);
    if (entry?.type !== 'blob') continue;
    const size = entry.size ?? 0;
    const bytes = size <= maximumShownBytes ? await content.blob(directory, entry.sha) : undefined;
    const text = bytes === undefined || bytes.includes(0) ? undefined : bytes.toString('utf8');
    return { repository, ref: branch, path, size, text };
  }
  throw notFound();
};

const commitOf = async (content: Content, directory: string, ref: string): Promise<string | undefined> => {
  try {
    return await content.commitAt(directory, ref);
  } catch (error) {
    if (error instanceof ForgeError && error.code === 'not-found') return undefined;
    throw error;
  }
};

const lineRow = (line: string, index: number): Html =>
  html`<tr>
    <td class="n">${index + 1}</td>
    <td class="line">${line}</td>
  </tr> `;

/** One file, with the numbers of its lines. */
export const filePage = ({ repository, ref, path, size, text }: ShownFile): string => {
  const { fullName } = repository;
  const content =
    text === undefined
      ? html`<p class="empty">No text to show.</p>`
      : html`<div class="scroll">
          <table class="diff">
            <tbody>
              ${text.replace(/\n$/, '').split('\n').map(lineRow)}
            </tbody>
          </table>
        </div>`;
  return layout(
    `${path} · ${fullName}`,
    html`<p class="lead"><a href="/${fullName}">${fullName}</a></p>
      <h1>${path}</h1>
      <p class="lead"><code>${ref}</code> · ${plural(size, 'byte')}</p>
      <section class="card" aria-label="${path}">${content}</section>`,
  );
};
