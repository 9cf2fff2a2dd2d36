/** The files of one repository as a step sees them: the default branch, plus what earlier edits changed. */
export interface Workspace {
  /** Undefined when there is no such file. */
  read(path: string): Promise<string | undefined>;
  write(path: string, content: string): Promise<void>;
  /** Nothing happens when there is no such file. */
  delete(path: string): Promise<void>;
  /** Paths of all files below `dir` (`''` = all), sorted. */
  list(dir: string): Promise<string[]>;
}
