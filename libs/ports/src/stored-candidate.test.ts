import type { Candidate, MigrationDefinition } from '@loom/domain';
import { storedCandidate, storedDefinition } from './stored-candidate';

const textOf = (candidate: Candidate) => JSON.stringify(storedCandidate(candidate));

describe('what a store keeps', () => {
  it('has one text for equal candidates, and begins with the id', () => {
    const one = { metadata: { b: '2', a: '1' }, kind: 'k', id: 'x' };
    expect(textOf(one)).toBe('{"id":"x","kind":"k","metadata":{"a":"1","b":"2"}}');
    expect(textOf({ id: 'x', kind: 'k', metadata: { a: '1', b: '2' } })).toBe(textOf(one));
  });

  it('drops unknown fields and null, at every depth', () => {
    const wild = {
      id: 'x',
      status: 'completed',
      kind: null,
      metadata: { a: null, b: 'kept' },
      files: [{ name: 'n', repo: 'r', files: null }],
      steps: [{ name: 's', migratorApp: 'm', config: null, timeoutSeconds: null, secret: 1 }],
    };
    expect(storedCandidate(wild as unknown as Candidate)).toEqual({
      id: 'x',
      metadata: { b: 'kept' },
      files: [{ name: 'n', repo: 'r', files: [] }],
      steps: [{ name: 's', migratorApp: 'm' }],
    });
    const definition = {
      id: 'm',
      name: 'n',
      description: '',
      migratorApp: 'a',
      migratorUrl: 'u',
      steps: null,
    };
    expect(storedDefinition(definition as unknown as MigrationDefinition)).toEqual({
      ...definition,
      steps: [],
    });
  });

  it('replaces half a surrogate pair, which has no UTF-8, wherever a text stands', () => {
    const half = 'a\ud800';
    const step = { name: half, migratorApp: half, type: half, config: { [half]: half }, files: [half] };
    const files = [{ name: half, repo: half, files: [{ path: half, url: half }] }];
    const state = { [half]: half };
    expect(textOf({ id: half, kind: half, metadata: state, state, files, steps: [step] })).not.toMatch(
      /\\ud800/,
    );
    expect(storedCandidate({ id: 'x', metadata: { a: 'b\ud800c 😀' } }).metadata).toEqual({
      a: 'b\uFFFDc 😀',
    });
  });
});
