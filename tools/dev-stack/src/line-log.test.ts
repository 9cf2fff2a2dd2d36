import { createLineCutter, createLineLog } from './line-log';

it('aligns what comes from several programs', () => {
  const out: string[] = [];
  const log = createLineLog({ write: (text) => out.push(text), colour: false, names: ['api', 'worker'] });
  log.line('api', 'listens');
  log.line('worker', 'polls');
  expect(out).toEqual(['api    │ listens\n', 'worker │ polls\n']);
});

it('gives each name its own colour, only where colours are wanted', () => {
  const out: string[] = [];
  const log = createLineLog({ write: (text) => out.push(text), colour: true });
  log.line('a', 'x');
  log.line('b', 'x');
  const escapes = out.map((line) => line.slice(0, line.indexOf('m') + 1));
  expect(new Set(escapes).size).toBe(2);
  expect(escapes.every((escape) => escape.startsWith('\u001b['))).toBe(true);
});

it('cuts chunks into lines wherever they were split', () => {
  const lines: string[] = [];
  const cutter = createLineCutter((line) => lines.push(line));
  for (const chunk of ['on', 'e\r\ntwo\n\nth', 'ree']) cutter.push(chunk);
  expect(lines).toEqual(['one', 'two', '']);
  cutter.flush();
  cutter.flush();
  expect(lines).toEqual(['one', 'two', '', 'three']);
});
