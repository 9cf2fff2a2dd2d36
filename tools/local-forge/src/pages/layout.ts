import type { Page } from '../http/paging';
import type { Repository } from '../repositories/repositories';
import type { Pull } from '../repositories/repository-state';
import { html, type Html } from './html';

/** What a form may ask for on a pull request. */
export type PullAction = 'merge' | 'close';

/** The whole document around a page's content. */
export const layout = (title: string, content: Html): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · local forge</title>
        <link rel="stylesheet" href="/assets/style.css" />
      </head>
      <body>
        <nav class="bar" aria-label="Main">
          <a class="brand" href="/">local forge</a><a href="/">Repositories</a
          ><a href="/pulls">All open pull requests</a>
        </nav>
        <main>${content}</main>
      </body>
    </html> `.markup;

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** A time for people: ISO 8601 with any offset, shown in UTC to the minute. */
export const when = (iso: string): Html => {
  const date = new Date(iso);
  const text = Number.isNaN(date.getTime())
    ? iso
    : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return html`<time datetime="${iso}">${text}</time>`;
};

const labels = { open: 'Open', closed: 'Closed', merged: 'Merged' } as const;

export const stateBadge = (pull: Pull): Html => {
  const state = pull.merge ? 'merged' : pull.state;
  return html`<span class="badge ${state}">${labels[state]}</span>`;
};

export const pullPath = ({ fullName }: Repository, { number }: Pull): string => `/${fullName}/pull/${number}`;

/** A button that acts on a pull request at the head its reader saw. */
export const actionForm = (deps: {
  readonly repository: Repository;
  readonly pull: Pull;
  readonly action: PullAction;
  readonly csrf: string;
  readonly from: string;
}): Html => {
  const { repository, pull, action, csrf, from } = deps;
  const label = action === 'merge' ? 'Merge' : 'Close';
  return html`<form method="post" action="${pullPath(repository, pull)}/${action}">
    <input type="hidden" name="csrf" value="${csrf}" /><input
      type="hidden"
      name="sha"
      value="${pull.headSha}"
    /><input type="hidden" name="from" value="${from}" />
    <button
      class="${action === 'merge' ? 'primary' : ''}"
      aria-label="${label} ${repository.fullName} #${pull.number}"
    >
      ${label}
    </button>
  </form>`;
};

/** Links to the pages before and after, nothing where one page holds all. */
export const pager = (page: Page<unknown>, address: (page: number) => string): Html => {
  if (page.pages <= 1) return html``;
  const before =
    page.page > 1 ? html`<a href="${address(page.page - 1)}" rel="prev">← Previous</a>` : html`<span></span>`;
  const after =
    page.page < page.pages
      ? html`<a href="${address(page.page + 1)}" rel="next">Next →</a>`
      : html`<span></span>`;
  return html`<nav class="pager" aria-label="Pages">
    ${before}<span>Page ${page.page} of ${page.pages}</span>${after}
  </nav>`;
};
