import type { Page } from '../http/paging';
import type { Mergeability } from '../git/merge';
import type { RepositoryFacts } from '../payloads';
import type { Repository } from '../repositories/repositories';
import type { Pull } from '../repositories/repository-state';
import { html, type Html } from './html';
import { actionForm, layout, pager, plural, pullPath, stateBadge } from './layout';

/** One line of a list of pull requests. */
export type PullRow = {
  readonly repository: Repository;
  readonly pull: Pull;
  readonly mergeability: Mergeability | undefined;
};

const openCount = ({ repository, openPulls }: RepositoryFacts): Html =>
  openPulls === 0
    ? html`<span class="quiet small">no open pull requests</span>`
    : html`<a class="badge open" href="/${repository.fullName}/pulls">${openPulls} open</a>`;

/** All repositories, with how many pull requests each has open. */
export const repositoriesPage = (page: Page<RepositoryFacts>, open: number): string => {
  const rows = page.items.map(
    (facts) =>
      html`<div class="row">
        <div class="grow">
          <a href="/${facts.repository.fullName}">${facts.repository.fullName}</a>
          <div class="quiet small">${facts.description ?? ''}</div>
        </div>
        ${openCount(facts)}
      </div>`,
  );
  const list = rows.length > 0 ? rows : [html`<p class="empty">No repositories yet.</p>`];
  return layout(
    'Repositories',
    html`<h1>Repositories</h1>
      <p class="lead">
        ${plural(page.total, 'repository', 'repositories')} ·
        <a href="/pulls">${plural(open, 'open pull request')}</a>
      </p>
      <div class="card">${list}</div>
      ${pager(page, (number) => `/?page=${number}`)}`,
  );
};

export const mergeabilityBadge = (mergeability: Mergeability | undefined): Html => {
  if (!mergeability) return html``;
  return mergeability.clean
    ? html`<span class="badge clean">can be merged</span>`
    : html`<span class="badge dirty">conflict</span>`;
};

const pullRow = (row: PullRow, csrf: string, from: string, withName: boolean): Html => {
  const { repository, pull, mergeability } = row;
  const name = withName ? html`<a href="/${repository.fullName}">${repository.fullName}</a> · ` : html``;
  const merge = mergeability?.clean ? actionForm({ repository, pull, action: 'merge', csrf, from }) : html``;
  return html`<div class="row">
    <div class="grow">
      <a href="${pullPath(repository, pull)}">${pull.title}</a> <span class="number">#${pull.number}</span>
      <div class="quiet small">${name}<code>${pull.head}</code> into <code>${pull.base}</code></div>
    </div>
    ${mergeability ? mergeabilityBadge(mergeability) : stateBadge(pull)}${merge}
  </div>`;
};

/** The open pull requests of all repositories, each to be merged with one click. */
export const allPullsPage = (page: Page<PullRow>, csrf: string, notice: Html): string => {
  const rows = page.items.map((row) => pullRow(row, csrf, `all:${page.page}`, true));
  const list = rows.length > 0 ? rows : [html`<p class="empty">No open pull requests.</p>`];
  return layout(
    'All open pull requests',
    html`${notice}
      <h1>All open pull requests</h1>
      <p class="lead">${plural(page.total, 'open pull request')}</p>
      <div class="card">${list}</div>
      ${pager(page, (number) => `/pulls?page=${number}`)}`,
  );
};

/** The pull requests of one repository in one state. */
export const repositoryPullsPage = (
  repository: Repository,
  state: 'open' | 'closed',
  page: Page<PullRow>,
  csrf: string,
): string => {
  const path = `/${repository.fullName}/pulls`;
  const rows = page.items.map((row) => pullRow(row, csrf, 'pull', false));
  const list = rows.length > 0 ? rows : [html`<p class="empty">No ${state} pull requests.</p>`];
  const tab = (name: 'open' | 'closed', label: string): Html =>
    name === state
      ? html`<span aria-current="page">${label}</span>`
      : html`<a href="${path}?state=${name}">${label}</a>`;
  return layout(
    `Pull requests · ${repository.fullName}`,
    html`<h1><a href="/${repository.fullName}">${repository.fullName}</a></h1>
      <p class="lead">Pull requests</p>
      <nav class="tabs" aria-label="State">${tab('open', 'Open')}${tab('closed', 'Closed')}</nav>
      <div class="card">${list}</div>
      ${pager(page, (number) => `${path}?state=${state}&page=${number}`)}`,
  );
};
