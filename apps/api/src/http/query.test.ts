import { parseQuery } from './query';

const plain = (text: string | undefined): unknown => JSON.parse(JSON.stringify(parseQuery(text)));

describe('parseQuery', () => {
  it.each([
    [undefined, {}],
    ['', {}],
    ['a=1', { a: '1' }],
    ['a', { a: '' }],
    ['a=1&a=2&a=3', { a: ['1', '2', '3'] }],
    ['meta[team]=core', { meta: { team: 'core' } }],
    ['meta%5Bteam%5D=a%20b&meta[0]=x', { meta: { team: 'a b', 0: 'x' } }],
    ['meta[a.b]=1', { meta: { 'a.b': '1' } }],
    ['meta[a[b]]=1', { meta: { 'a[b]': '1' } }],
    ['meta[team]=a&meta[team]=b', { meta: { team: ['a', 'b'] } }],
    ['meta[]=1', { 'meta[]': '1' }],
    ['a=%E0%A4%A', { a: '\uFFFD%A' }],
  ])('%s', (text, query) => {
    expect(plain(text)).toEqual(query);
  });

  it('keeps a long repetition a list', () => {
    const text = Array.from({ length: 300 }, (_, n) => `key=${n}`).join('&');
    expect(parseQuery(text)['key']).toHaveLength(300);
  });

  it('never takes a value and an object of one name for either', () => {
    expect(Array.isArray(parseQuery('meta=x&meta[a]=1')['meta'])).toBe(true);
    expect(Array.isArray(parseQuery('meta[a]=1&meta=x')['meta'])).toBe(true);
  });

  it('touches no prototype', () => {
    const query = parseQuery('__proto__[x]=1&__proto__=2&constructor=3&meta[__proto__]=4');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    expect(Object.getPrototypeOf(query)).toBeNull();
    expect(query['constructor']).toBe('3');
  });
});
