import { appendKey, commentsInside, plain, removeKey, replaceKey, setScalar } from './edit';
import { parseSource, valueAt } from './locate';

/** The comments that stand in the parameters. */
const elsewhere = ['# bumped by CI', '# not before the freeze'];

const text = `# head
kind: Application # what it is

spec:
    # odd indentation, kept
    source:
        repoURL: 'https://charts.example.com/generic'   # the shared one
        chart: generic-app
        targetRevision:   "2.4.1" # pinned
        helm:
            # what differs here
            parameters:
                - name: image.tag
                  value: "1.2" # bumped by CI
                # not before the freeze
                - {name: replicaCount, value: "3"}

            # trailing remark
            releaseName: x
    destination: {server: s, namespace: n}  # flow
# foot
`;

describe('YAML edits by position', () => {
  test('a scalar keeps its quotes, its spacing and the comment behind it', () => {
    const edited = setScalar(
      setScalar(text, ['spec', 'source', 'targetRevision'], '0.1.0'),
      ['spec', 'source', 'repoURL'],
      "it's",
    );
    expect(edited).toBe(
      text.replace('"2.4.1"', '"0.1.0"').replace("'https://charts.example.com/generic'", "'it''s'"),
    );
  });

  test('a plain scalar is quoted only where it would be read as something else', () => {
    expect(setScalar(text, ['spec', 'source', 'chart'], 'billing-api')).toContain('chart: billing-api\n');
    expect(plain('true')).toBe('"true"');
    expect(plain('1.0')).toBe('"1.0"');
    expect(plain('a: b')).toBe('"a: b"');
    expect(plain('0.1.0')).toBe('0.1.0');
  });

  test('removing a key removes its lines and no other', () => {
    const edited = removeKey(text, ['spec', 'source', 'helm', 'parameters'], { elsewhere });
    const gone = text.slice(
      text.indexOf('            parameters:'),
      text.indexOf('\n            # trailing remark'),
    );
    expect(edited).toBe(text.replace(gone, ''));
  });

  test('replacing a key keeps what is around it', () => {
    const edited = replaceKey(
      text,
      ['spec', 'source', 'helm', 'parameters'],
      ['valueFiles:', '  - values-dev.yaml'],
      { elsewhere },
    );
    const gone = text.slice(
      text.indexOf('            parameters:'),
      text.indexOf('\n            # trailing remark'),
    );
    expect(edited).toBe(text.replace(gone, '            valueFiles:\n              - values-dev.yaml\n'));
  });

  test('a map that becomes empty goes with its last key', () => {
    const edited = removeKey('a:\n  b:\n    c: 1\n  # kept\nd: 2\n', ['a', 'b', 'c']);
    expect(edited).toBe('# kept\nd: 2\n');
  });

  test('a key is added behind the last one, before trailing comments', () => {
    expect(appendKey('a:\n  b: |\n    x\n\n# end\n', ['a'], ['c: 1'])).toBe(
      'a:\n  b: |\n    x\n  c: 1\n\n# end\n',
    );
    expect(appendKey('a:\n  b: 1', ['a'], ['c: 2'])).toBe('a:\n  b: 1\n  c: 2\n');
    expect(appendKey('a:\r\n  b: 1 # x\r\n', ['a'], ['c: 2'])).toBe('a:\r\n  b: 1 # x\r\n  c: 2\r\n');
  });

  test('only the document of the kind asked for is edited', () => {
    const two = 'kind: Other\nv: 1\n---\nkind: Application\nv: 1 # mine\n';
    expect(setScalar(two, ['v'], '2.x', { kind: 'Application' })).toBe(
      'kind: Other\nv: 1\n---\nkind: Application\nv: 2.x # mine\n',
    );
  });

  test('what cannot be edited in place is refused, not reformatted', () => {
    expect(() => removeKey(text, ['spec', 'destination', 'server'])).toThrow('flow map');
    expect(() => setScalar(text, ['spec', 'nothing'], 'x')).toThrow('no value at spec.nothing');
    expect(() => setScalar('a: [', ['a'], 'x')).toThrow('not valid YAML');
    expect(removeKey(text, ['spec', 'absent'])).toBe(text);
  });
});

describe('comments inside what is removed', () => {
  const commented = 'a:\n  # above\n  b: # behind\n    # in\n    c: 1\n    # deeper\n\n  # of d\n  d: 2\n';

  test('stay unless they are elsewhere, each as often as it is there', () => {
    expect(removeKey(commented, ['a', 'b'], { elsewhere: ['# in', '# deeper'] })).toBe(
      'a:\n  # above\n  # behind\n\n  # of d\n  d: 2\n',
    );
    const twice = 'a: 1\nb:\n  - x # t\n  - y # t\n';
    expect(removeKey(twice, ['b'], { elsewhere: ['# t'] })).toBe('a: 1\n# t\n');
    expect(replaceKey(twice, ['b'], ['c: 2'], { elsewhere: ['# t'] })).toBe('a: 1\n# t\nc: 2\n');
  });

  test('are those of all levels that go', () => {
    expect(commentsInside(commented, ['a', 'b', 'c']).map(({ text: one }) => one)).toEqual([
      '# behind',
      '# in',
      '# deeper',
    ]);
    expect(commentsInside(commented, ['a', 'b', 'c'], { keep: 2 })).toEqual([]);
    expect(commentsInside(commented, ['a', 'x'])).toEqual([]);
  });

  test('a key is added behind those that speak of the last one', () => {
    expect(appendKey('a:\n  b:\n    c: 1\n    # of b\n  # of a\n', ['a'], ['d: 2'])).toBe(
      'a:\n  b:\n    c: 1\n    # of b\n  d: 2\n  # of a\n',
    );
  });
});

describe('anchors', () => {
  const anchored = 'a: &v 1.0.0\nb: *v\np: &p\n  - x\nq: *p\nm: &m { k: 1 }\nn: *m\n';

  test('an edit of what is used elsewhere is refused', () => {
    expect(() => setScalar(anchored, ['a'], '2')).toThrow('a holds the anchor &v, which is used elsewhere');
    expect(() => setScalar(anchored, ['b'], '2')).toThrow('b is the alias *v');
    expect(() => removeKey(anchored, ['p'])).toThrow('p holds the anchor &p, which *p uses elsewhere');
    expect(() => replaceKey(anchored, ['p'], ['r: 1'])).toThrow('the anchor &p');
    expect(() => setScalar(anchored, ['m', 'k'], '2')).toThrow('changing m.k would change n.k too');
  });

  test('an edit beside them, or of what only uses them, is none of theirs', () => {
    expect(removeKey(anchored, ['q'])).toBe(anchored.replace('q: *p\n', ''));
    expect(setScalar('a: &v 1\n# *v\nb: "*v"\n', ['a'], 'x')).toBe('a: &v x\n# *v\nb: "*v"\n');
    expect(replaceKey(anchored, ['q'], ['r: 1'])).toBe(anchored.replace('q: *p', 'r: 1'));
  });

  test('a file that a program could not load is no file to edit', () => {
    expect(() => setScalar('a: 1\nb: *gone\n', ['a'], '2')).toThrow('not valid YAML: Unresolved alias');
    expect(() => appendKey('a:\n  b: 1\n', ['a'], ['b: 2'])).toThrow('would leave invalid YAML');
  });

  test('values are read through them', () => {
    const source = parseSource(anchored);
    expect([valueAt(source, ['b']), valueAt(source, ['q']), valueAt(source, ['n'])]).toEqual([
      '1.0.0',
      ['x'],
      { k: 1 },
    ]);
  });
});
