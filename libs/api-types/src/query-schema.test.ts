import { getFacetsQueryParamsSchema, listCandidatesQueryParamsSchema } from './generated/zod';
import { querySchema } from './query-schema';

const candidates = querySchema(listCandidatesQueryParamsSchema);

describe('querySchema', () => {
  it('reads a parameter that may repeat, once or often', () => {
    const query = { status: 'queued', kind: ['a', 'b'], meta: { team: 'x' }, sort: '-updatedAt', limit: '7' };
    expect(candidates.parse(query)).toEqual({ ...query, status: ['queued'], limit: 7 });
  });

  it('gives the default of what is absent, and no other field', () => {
    expect(candidates.parse({})).toEqual({ limit: 100 });
    expect(querySchema(getFacetsQueryParamsSchema).parse({})).toEqual({});
  });

  it.each(['0', '1001', '', ' 7', '1e2', '0x10', '-1', '1.5', 'ten', ['1', '2']])(
    'refuses %j as a limit',
    (limit) => {
      expect(candidates.safeParse({ limit }).success).toBe(false);
    },
  );

  it.each([
    { nope: '1' },
    { status: 'failed' },
    { sort: 'name' },
    { meta: 'x' },
    { q: ['a', 'b'] },
    { cursor: '' },
  ])('refuses %j', (query) => {
    expect(candidates.safeParse(query).success).toBe(false);
  });
});
