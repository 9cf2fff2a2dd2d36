import { present } from './present';

it('leaves out what is undefined, and nothing else', () => {
  const fields: { a: string; b?: number; c: string | undefined; d: boolean; e: null } = {
    ...{ a: '', c: undefined, d: false, e: null },
  };
  const told: { a: string; b?: number; c?: string; d: boolean; e: null } = present(fields);
  expect(Object.entries(told)).toEqual([
    ['a', ''],
    ['d', false],
    ['e', null],
  ]);
});
