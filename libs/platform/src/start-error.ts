/** Why an app cannot start, and what its operator can do about it; `main` prints both in one line. */
export class StartError extends Error {
  override get name(): string {
    return this.constructor.name;
  }
  constructor(
    readonly what: string,
    readonly mend: string,
    options?: ErrorOptions,
  ) {
    super(`${what}: ${mend}`, options);
  }
}

/** The environment is not usable. `problems` holds one line `NAME: what is wrong` each, never a value. */
export class ConfigError extends StartError {
  constructor(readonly problems: readonly string[]) {
    super(...told(problems));
  }
}

function told(problems: readonly string[]): [what: string, mend: string] {
  const [only, another] = problems;
  if (only !== undefined && another === undefined)
    return [only, 'correct it; .env.example lists all variables'];
  const lines = problems.map((problem) => `\n  ${problem}`).join('');
  return ['the environment is not usable', `correct these variables; .env.example lists them all${lines}`];
}
