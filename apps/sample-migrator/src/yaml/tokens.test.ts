import { commentsOf, missingFrom } from './tokens';

test('a comment is what the lexer takes for one', () => {
  const text = [
    '%YAML 1.2',
    '--- # marker',
    'a: &p | # head',
    '  # inside text',
    ' # after',
    'b: ["# x", \'# y\', z#z] # flow\r',
    '-  # dash',
  ].join('\n');
  expect(commentsOf(text).map((one) => [one.text, one.ownLine])).toEqual([
    ['# marker', false],
    ['# head', false],
    ['# after', true],
    ['# flow', false],
    ['# dash', true],
  ]);
  for (const { text: comment, start } of commentsOf(text)) expect(text.startsWith(comment, start)).toBe(true);
});

test('what is wanted twice must be there twice', () => {
  expect(missingFrom(['a', 'b'], ['a', 'a', 'b'])).toEqual(['a']);
});
