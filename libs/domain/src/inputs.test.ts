import { inputProblems } from './inputs';

const definitions = [
  { name: 'owner', label: 'Owner' },
  { name: 'a/b~c', label: 'Odd' },
];

describe('operator inputs', () => {
  it('are fine when all that is required is there', () => {
    expect(inputProblems(definitions, { owner: 'x', 'a/b~c': 'y' }, true)).toEqual([]);
  });

  it('may be incomplete while they are only changed', () => {
    expect(inputProblems(definitions, { owner: 'x' }, false)).toEqual([]);
  });

  it.each(['', '   '])('must not be blank when required: %j', (owner) => {
    expect(inputProblems(definitions, { owner, 'a/b~c': 'y' }, true)).toEqual([
      { pointer: '/inputs/owner', message: 'Owner is required' },
    ]);
  });

  it('name an unknown and a missing one by JSON pointer', () => {
    expect(inputProblems(definitions, { owner: 'x', 'x/y': '' }, true).map(({ pointer }) => pointer)).toEqual(
      ['/inputs/x~1y', '/inputs/a~1b~0c'],
    );
  });

  it('are not satisfied by what every object inherits', () => {
    expect(inputProblems([{ name: 'toString', label: 'T' }], {}, true)).toHaveLength(1);
  });
});
