import { Listr, PRESET_TIMER } from 'listr2';

export interface StepOutput {
  /** A line below the step; it stays. */
  note: (line: string) => void;
}

export interface Step {
  title: string;
  run: (output: StepOutput) => Promise<void>;
}

export interface ProgressOptions {
  /** Default: whether the output is a terminal; without one every change is a plain line. */
  terminal?: boolean;
}

/**
 * Runs the steps in order and shows how it goes: a spinner on a terminal, plain lines elsewhere.
 * @throws what the first failing step throws; those after it do not run
 */
export async function runSteps(steps: readonly Step[], options: ProgressOptions = {}): Promise<void> {
  const terminal = options.terminal ?? process.stdout.isTTY;
  const tasks = steps.map(({ title, run }) => ({
    title,
    task: async (_context: unknown, task: { output: string }) => {
      await run({ note: (line) => (task.output = line) });
    },
    // All lines, not only the last one, and they stay.
    rendererOptions: terminal
      ? { outputBar: Number.POSITIVE_INFINITY, persistentOutput: true, timer: PRESET_TIMER }
      : { timer: PRESET_TIMER },
  }));
  const list = new Listr(tasks, {
    renderer: terminal ? 'default' : 'simple',
    // Signals belong to the program: it has things to stop first.
    registerSignalListeners: false,
    exitOnError: true,
    rendererOptions: { collapseErrors: true, showErrorMessage: false },
  });
  await list.run();
}
