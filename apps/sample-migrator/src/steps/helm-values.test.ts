import { parse } from 'yaml';
import { parametersOf } from './helm-parameters';
import { dependencyValues } from './helm-values';

/** What the generic chart gets for parameters, one level up. */
const valuesOf = (parameters: object[], inline = ''): unknown =>
  (
    parse(dependencyValues('generic', { inline, parameters: parametersOf(parameters) })) as {
      generic: unknown;
    }
  ).generic;

test.each<[string, string, unknown]>([
  ['a.b.c', 'x', { a: { b: { c: 'x' } } }],
  ['a\\.b/c', 'x', { 'a.b/c': 'x' }],
  ['list[1].name', 'x', { list: [null, { name: 'x' }] }],
  ['list[0][1]', 'x', { list: [[null, 'x']] }],
  ['n', '3', { n: 3 }],
  ['n', '-3', { n: -3 }],
  ['n', '0', { n: 0 }],
  ['n', '007', { n: '007' }],
  ['n', '1.10', { n: '1.10' }],
  ['b', 'true', { b: true }],
  ['b', 'yes', { b: 'yes' }],
  ['z', 'null', { z: null }],
  ['l', '{a, 2}', { l: ['a', 2] }],
  ['l', '{}', { l: [] }],
  ['e', '', { e: '' }],
])('%s=%s is what helm makes of it', (name, value, expected) => {
  expect(valuesOf([{ name, value }])).toEqual(expected);
});

test('forceString keeps text', () => {
  expect(valuesOf([{ name: 'n', value: '3', forceString: true }])).toEqual({ n: '3' });
  expect(valuesOf([{ name: 'n', value: 3 }])).toEqual({ n: 3 });
});

test('parameters win over inline values, whose comments stay', () => {
  const inline = '# first\na:\n  b: 1 # one\n  c: 2\n';
  expect(
    valuesOf(
      [
        { name: 'a.b', value: '9' },
        { name: 'd', value: 'x' },
      ],
      inline,
    ),
  ).toEqual({ a: { b: 9, c: 2 }, d: 'x' });
  expect(dependencyValues('generic', { inline })).toBe(
    'generic:\n  # first\n  a:\n    b: 1 # one\n    c: 2\n',
  );
});

test('nothing is an empty map', () => {
  expect(dependencyValues('generic', {})).toBe('generic: {}\n');
});

test.each([
  ['no list', 'x', 'not a list'],
  ['no name', [{ value: 'x' }], 'has no name'],
  ['a map as value', [{ name: 'a', value: {} }], 'not a scalar'],
])('%s is refused', (_, parameters, message) => {
  expect(() => parametersOf(parameters)).toThrow(message);
});

test('contradictions are refused', () => {
  const twice = [
    { name: 'a', value: 'x' },
    { name: 'a.b', value: 'y' },
  ];
  expect(() => valuesOf(twice)).toThrow('helm parameter a.b contradicts an earlier one');
  expect(() =>
    valuesOf([
      { name: 'a.b', value: 'x' },
      { name: 'a[0]', value: 'y' },
    ]),
  ).toThrow('contradicts');
});

test.each([
  ['a marker before', '---\na: 1\n'],
  ['a comment before a marker', '# about\n--- # here\na: 1\n'],
  ['a marker behind', 'a: 1\n...\n'],
  ['a directive', '%YAML 1.2\n---\na: 1\n'],
  ['a byte order mark', '\uFEFFa: 1\n'],
])('%s is left out of values, one level down', (_, inline) => {
  const text = dependencyValues('generic', { inline });
  expect(parse(text)).toEqual({ generic: { a: 1 } });
  for (const comment of inline.match(/#.*/g) ?? []) expect(text).toContain(comment);
  expect(valuesOf([{ name: 'b.c', value: 'x' }], inline)).toEqual({ a: 1, b: { c: 'x' } });
});

test('what only looks like a marker stays', () => {
  const inline = 'a: |\n  ---\n  x\nb: "---"\n';
  expect(valuesOf([], inline)).toEqual({ a: '---\nx\n', b: '---' });
});

test.each([
  ['two documents', 'a: 1\n---\nb: 2\n', 'several documents'],
  ['a list', '- a\n', 'not a mapping'],
  ['no YAML', 'a: [', 'not valid YAML'],
  ['an alias of nothing', 'a: *b\n', 'not valid YAML'],
  ['a tag without its directive', '%TAG !e! tag:e,1:\n---\na: !e!x 1\n', 'not valid YAML'],
])('inline values of %s are refused', (_, inline, message) => {
  expect(() => dependencyValues('generic', { inline })).toThrow(message);
});

test('a parameter that would change another place through an anchor is refused', () => {
  const inline = 'a: &x { n: 1 }\nb: *x\n';
  expect(() => valuesOf([{ name: 'a.n', value: '2' }], inline)).toThrow('so that it says the same');
  expect(() => valuesOf([{ name: 'b.n', value: '2' }], inline)).toThrow('cannot be merged');
});

test('values of nothing but comments are an empty map, and the comments stay', () => {
  expect(dependencyValues('generic', { inline: '# later\n' })).toBe('# later\ngeneric: {}\n');
});

test('a replaced inline value keeps its comments beside those of its parameter', () => {
  const parameters = [{ name: 'a.b', value: '9', above: ['# first', '#'], behind: ['# new'] }];
  expect(dependencyValues('generic', { inline: 'a:\n  # old\n  b: 1 # one\n', parameters })).toBe(
    'generic:\n  a:\n    # old\n    # first\n    #\n    # new\n    b: 9 # one\n',
  );
});

test('blank lines at the end of a text that keeps them stay', () => {
  const inline = 'a: |+\n  x\n\n\n';
  expect(valuesOf([], inline)).toEqual({ a: 'x\n\n\n' });
  expect(valuesOf([{ name: 'b', value: 'y' }], inline)).toEqual({ a: 'x\n\n\n', b: 'y' });
});

test('a parameter below a key without a value is set', () => {
  expect(valuesOf([{ name: 'a.b.c', value: 'x' }], 'a: # later\n')).toEqual({ a: { b: { c: 'x' } } });
});

test('a parameter for one item of an inline list is refused, as the others would be lost', () => {
  const parameters = [{ name: 'a.list[1]', value: 'x' }];
  expect(() => valuesOf(parameters, 'a: { list: [1, 2, 3] }\n')).toThrow(
    'a.list[1] changes an item of a list',
  );
  expect(valuesOf(parameters, 'a: { other: [1] }\n')).toEqual({ a: { other: [1], list: [null, 'x'] } });
});
