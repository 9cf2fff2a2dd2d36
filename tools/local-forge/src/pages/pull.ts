import type { FileChange } from '../git/diff';
import type { Mergeability } from '../git/merge';
import type { Repository } from '../repositories/repositories';
import type { Comment, Pull } from '../repositories/repository-state';
import { diffView } from './diff-view';
import { html, type Html } from './html';
import { actionForm, layout, plural, pullPath, stateBadge, when } from './layout';
import { mergeabilityBadge } from './overview';

export type PullPage = {
  readonly repository: Repository;
  readonly pull: Pull;
  readonly mergeability: Mergeability | undefined;
  /** Undefined when the diff cannot be shown, for the reason in `refusal`. */
  readonly files: readonly FileChange[] | undefined;
  readonly refusal: string;
  readonly comments: readonly Comment[];
  readonly csrf: string;
  readonly notice: Html;
};

const conflicts = (mergeability: Mergeability): Html => {
  if (mergeability.clean) return html``;
  if (mergeability.files.length === 0)
    return html`<p class="empty">The branches have no history in common.</p>`;
  const names = mergeability.files.map((file) => html`<li class="mono">${file}</li>`);
  return html`<ul class="files conflicts" aria-label="Conflicting files">
    ${names}
  </ul>`;
};

const actions = ({ repository, pull, mergeability, csrf }: PullPage): Html => {
  if (pull.merge) {
    return html`<div class="card">
      <div class="actions">
        Merged as <code>${pull.merge.sha.slice(0, 10)}</code> by ${pull.merge.by} at ${when(pull.merge.at)}
      </div>
    </div>`;
  }
  if (!mergeability)
    return html`<div class="card">
      <div class="actions">Closed at ${when(pull.closedAt ?? pull.updatedAt)}</div>
    </div>`;
  const form = { repository, pull, csrf, from: 'pull' };
  const merge = mergeability.clean ? actionForm({ ...form, action: 'merge' }) : html``;
  const says = mergeability.clean
    ? 'No conflicts with the base branch.'
    : 'This branch conflicts with the base branch and cannot be merged.';
  return html`<div class="card">
    <div class="actions">
      ${mergeabilityBadge(mergeability)}<span>${says}</span>${merge}${actionForm({ ...form, action: 'close' })}
    </div>
    ${conflicts(mergeability)}
  </div>`;
};

const commentView = (comment: Comment): Html =>
  html`<section class="card" id="comment-${comment.id}">
    <div class="file-name quiet">${comment.user} commented at ${when(comment.createdAt)}</div>
    <div class="body">${comment.body}</div>
  </section>`;

const total = (files: readonly FileChange[], key: 'additions' | 'deletions'): number =>
  files.reduce((sum, file) => sum + file[key], 0);

const changes = ({ repository, pull, files, refusal }: PullPage): Html => {
  if (!files)
    return html`<h2>Changes</h2>
      <p class="notice plain">${refusal}</p>`;
  const counts = `${plural(files.length, 'file')}, +${total(files, 'additions')} −${total(files, 'deletions')}`;
  return html`<h2>Changes <span class="quiet">${counts}</span></h2>
    ${diffView(files, `${pullPath(repository, pull)}.diff`)}`;
};

/** One pull request: what it says, whether it merges, and what it changes. */
export const pullPage = (page: PullPage): string => {
  const { repository, pull, comments } = page;
  const text = pull.body?.trim()
    ? html`<div class="body">${pull.body}</div>`
    : html`<p class="empty">No description.</p>`;
  return layout(
    `${pull.title} · #${pull.number} · ${repository.fullName}`,
    html`${page.notice}
      <p class="lead">
        <a href="/${repository.fullName}">${repository.fullName}</a> /
        <a href="/${repository.fullName}/pulls">pull requests</a>
      </p>
      <h1>${pull.title} <span class="number">#${pull.number}</span></h1>
      <p class="lead">
        ${stateBadge(pull)} ${pull.user} wants to merge <code>${pull.head}</code> into
        <code>${pull.base}</code> · head <code>${pull.headSha.slice(0, 10)}</code> · opened
        ${when(pull.createdAt)}
      </p>
      <div class="card">${text}</div>
      ${comments.map(commentView)}${actions(page)}${changes(page)}`,
  );
};
