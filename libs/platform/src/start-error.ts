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
    super(
      'the environment is not usable',
      `correct ${problems.length === 1 ? 'this variable' : 'these variables'}; .env.example lists them all\n` +
        problems.map((problem) => `  ${problem}`).join('\n'),
    );
  }
}
