import type { Commit, TreeEntry } from '../git/content';
import type { RepositoryFacts } from '../payloads';
import type { Repository } from '../repositories/repositories';
import { filePath } from './file';
import { html, type Html } from './html';
import { layout, plural, when } from './layout';

/** More files than this are only counted. */
const maximumFiles = 500;

const commitRow = (commit: Commit): Html =>
  html`<div class="row">
    <div class="grow">
      ${commit.subject}
      <div class="quiet small">
        ${commit.author} · ${when(commit.date)}${commit.parents.length > 1 ? ' · merge' : ''}
      </div>
    </div>
    <code>${commit.sha.slice(0, 10)}</code>
  </div>`;

const fileRow =
  (repository: Repository) =>
  (entry: TreeEntry): Html =>
    entry.size === undefined
      ? html`<div class="row">
          <span class="grow mono">${entry.path}</span><span class="quiet small">submodule</span>
        </div>`
      : html`<div class="row">
          <a class="grow mono" href="${filePath(repository, 'HEAD', entry.path)}">${entry.path}</a
          ><span class="quiet small">${plural(entry.size, 'byte')}</span>
        </div>`;

/** The files and the latest commits of a repository's default branch. */
export const repositoryPage = (
  facts: RepositoryFacts,
  cloneUrl: string,
  files: readonly TreeEntry[],
  commits: readonly Commit[],
): string => {
  const { fullName } = facts.repository;
  const more =
    files.length > maximumFiles
      ? html`<p class="empty">and ${plural(files.length - maximumFiles, 'more file')}</p>`
      : html``;
  const empty = html`<div class="card">
    <p class="empty">Nothing has been pushed yet: <code>git push ${cloneUrl} ${facts.defaultBranch}</code></p>
  </div>`;
  const content = html`<h2>Files</h2>
    <div class="card">${files.slice(0, maximumFiles).map(fileRow(facts.repository))}${more}</div>
    <h2>Latest commits</h2>
    <div class="card">${commits.map(commitRow)}</div>`;
  return layout(
    fullName,
    html`<h1>${fullName}</h1>
      <p class="lead">${facts.description ?? ''}</p>
      <p>
        <code>${facts.defaultBranch}</code> ·
        <a href="/${fullName}/pulls">${plural(facts.openPulls, 'open pull request')}</a> ·
        <code>git clone ${cloneUrl}</code>
      </p>
      ${commits.length > 0 ? content : empty}`,
  );
};
