import { notFound } from '../errors';

/** First path segments with a meaning of their own: no owner may have such a name. */
const reservedOwners = new Set(['api', 'assets', 'healthz', 'orgs', 'pulls', 'repos', 'user', 'users']);

const ownerPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const repositoryPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/;
const branchPart = /^(?!\.)(?!.*\.\.)[^\s\p{Cc}~^:?*[\\]+(?<!\.lock)(?<!\.)$/u;

export const isOwner = (value: string): boolean =>
  ownerPattern.test(value) && !reservedOwners.has(value.toLowerCase());

export const isRepositoryName = (value: string): boolean =>
  repositoryPattern.test(value) && !value.includes('..') && !/\.(git|wiki|lock|json)$/i.test(value);

/** Whether git accepts `refs/heads/<value>`, and nothing in it can be read as an option or an expression. */
export const isBranch = (value: string): boolean =>
  value.length <= 200 &&
  !value.startsWith('-') &&
  !value.includes('@{') &&
  value !== '@' &&
  value.split('/').every((part) => branchPart.test(part));

export const isSha = (value: string): boolean => /^[0-9a-f]{40}$/.test(value);

/** Normalises a path inside a repository, '' being its root. @throws not-found for a path no tree can hold. */
export const treePath = (value: string): string => {
  const path = value.replace(/^\/+|\/+$/g, '');
  if (path === '') return '';
  const usable = path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (!usable || /\p{Cc}/u.test(path)) throw notFound();
  return path;
};
