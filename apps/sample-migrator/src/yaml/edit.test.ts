import { appendKey, plain, removeKey, replaceKey, setScalar } from './edit';

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
    const edited = removeKey(text, ['spec', 'source', 'helm', 'parameters']);
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
    );
    const gone = text.slice(
      text.indexOf('            parameters:'),
      text.indexOf('\n            # trailing remark'),
    );
    expect(edited).toBe(text.replace(gone, '            valueFiles:\n              - values-dev.yaml\n'));
  });

  test('a map that becomes empty goes with its last key', () => {
    const edited = removeKey('a:\n  b:\n    c: 1\n  # kept\nd: 2\n', ['a', 'b', 'c']);
    expect(edited).toBe('  # kept\nd: 2\n');
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
