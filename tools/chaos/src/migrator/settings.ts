/** What the test migrator does; the test changes it while it runs. Times in ms, drawn evenly between the two. */
export interface MigratorSettings {
  /** Between a dispatch and its answer. */
  answerMs: readonly [number, number];
  /** Between that answer and the report. */
  workMs: readonly [number, number];
  /** Dispatches get no answer until it is false again. */
  holdAnswers: boolean;
  /** What is done is reported only once it is false again. */
  holdReports: boolean;
  /** Reports come doubled, shuffled, too early, too late, and about what nobody asked for. */
  storm: boolean;
  /** So many effects are done and left out of the ledger: a loss that the checker must see. */
  swallow: number;
  /** So many effects are entered twice, the second time with another body: a duplicate that it must see. */
  double: number;
}

export const CALM: MigratorSettings = {
  answerMs: [0, 30],
  workMs: [300, 1500],
  holdAnswers: false,
  holdReports: false,
  storm: false,
  swallow: 0,
  double: 0,
};
