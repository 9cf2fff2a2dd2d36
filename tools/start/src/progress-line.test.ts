import { createProgressDisplay } from './progress-line';

function displayOn(isTTY: boolean, columns?: number) {
  let text = '';
  const write = (chunk: string) => {
    text += chunk;
    return true;
  };
  const out = { isTTY, columns, write } as unknown as NodeJS.WriteStream;
  return { display: createProgressDisplay(out), text: () => text };
}

describe('progress', () => {
  it('is one line on a terminal, below everything else that is printed', () => {
    const { display, text } = displayOn(true);
    display.show('1 of 3');
    display.write('api │ ready\n');
    display.show('2 of 3');
    display.done('3 of 3');
    display.write('api │ more\n');
    expect(text()).toBe(
      '\r\x1b[K1 of 3\r\x1b[Kapi │ ready\n1 of 3\r\x1b[K2 of 3\r\x1b[K3 of 3\napi │ more\n',
    );
  });

  it('never takes more than the line of a narrow terminal', () => {
    const { display, text } = displayOn(true, 5);
    display.show('1 of 3');
    expect(text()).toBe('\r\x1b[K1 of');
  });

  it('is few lines elsewhere, and the last one for certain', () => {
    const { display, text } = displayOn(false);
    for (const line of ['1 of 3', '2 of 3', '2 of 3']) display.show(line);
    display.note('a note');
    display.done('3 of 3');
    display.end();
    expect(text()).toBe('1 of 3\na note\n3 of 3\n');
  });
});
