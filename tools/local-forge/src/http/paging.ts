import type { Request, Response } from 'express';
import { query } from './request';

/** One page of a list, and where it stands. */
export type Page<T> = {
  readonly items: readonly T[];
  readonly page: number;
  readonly pages: number;
  readonly total: number;
};

const whole = (value: string | undefined, fallback: number, maximum: number): number =>
  value !== undefined && /^[1-9]\d{0,8}$/.test(value) ? Math.min(Number(value), maximum) : fallback;

/** Cuts out one page; `page` counts from 1. */
export const pageOf = <T>(items: readonly T[], page: number, perPage: number): Page<T> => ({
  items: items.slice((page - 1) * perPage, page * perPage),
  page,
  pages: Math.max(1, Math.ceil(items.length / perPage)),
  total: items.length,
});

/** The page a request asks for: `page` from 1, `per_page` at most 100 and else 30, as on GitHub. */
export const requestedPage = <T>(req: Request, items: readonly T[]): Page<T> =>
  pageOf(items, whole(query(req, 'page'), 1, 1_000_000), whole(query(req, 'per_page'), 30, 100));

const relations = ({ page, pages }: Page<unknown>): [string, number][] => [
  ...(page > 1 ? ([['prev', Math.min(page - 1, pages)]] as [string, number][]) : []),
  ...(page < pages
    ? ([
        ['next', page + 1],
        ['last', pages],
      ] as [string, number][])
    : []),
  ...(page > 1 ? ([['first', 1]] as [string, number][]) : []),
];

/** Answers one page as JSON, its neighbours in GitHub's Link header. */
export const sendPage = (req: Request, res: Response, base: string, page: Page<unknown>): void => {
  const links = relations(page).map(([relation, number]) => {
    const url = new URL(req.originalUrl, base);
    url.searchParams.set('page', String(number));
    return `<${url.href}>; rel="${relation}"`;
  });
  if (links.length > 0) res.set('link', links.join(', '));
  res.json(page.items);
};
