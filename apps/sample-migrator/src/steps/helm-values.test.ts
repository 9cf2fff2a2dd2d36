import { parse } from 'yaml';
import { dependencyValues, parametersOf } from './helm-values';

/** What the generic chart gets for parameters, one level up. */
const valuesOf = (parameters: object[], inline = ''): unknown =>
  (parse(dependencyValues('generic', inline, parametersOf(parameters))) as { generic: unknown }).generic;

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
  expect(dependencyValues('generic', inline, [])).toBe(
    'generic:\n  # first\n  a:\n    b: 1 # one\n    c: 2\n',
  );
});

test('nothing is an empty map', () => {
  expect(dependencyValues('generic', '', [])).toBe('generic: {}\n');
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
