/**
 * What of a changed file was to stay and did not: of an Argo CD Application every line outside `spec.source`, blank
 * ones too, and every comment in it; of any other file every comment. Comments from `helm` on may have gone to the
 * values file whose text is `moved`, and all of them where the whole source has gone.
 */
export function lostText(before: string, after: string, moved = ''): string[] {
  const parts = splitApplication(before);
  if (parts === undefined) return lostLines(commentsOf(before.split('\n')), after.split('\n'));
  const now = splitApplication(after);
  // A source that was emptied may be gone altogether.
  const outside = now === undefined ? after.split('\n') : [...now.head, ...now.tail];
  const helm = parts.source.findIndex((line) => /^ {4}helm:\s*(?:#.*)?$/.test(line));
  const onTheChart = commentsOf(helm < 0 ? parts.source : parts.source.slice(0, helm));
  return [
    ...outsideProblems([...parts.head, ...parts.tail], outside),
    ...new Set([
      ...(now === undefined ? [] : lostLines(onTheChart, now.source)),
      ...lostComments(parts.source, [...(now?.source ?? []), ...moved.split('\n')]),
    ]),
  ];
}

interface ApplicationText {
  head: string[];
  source: string[];
  tail: string[];
}

/** undefined when there is no `spec.source`. A blank line after the source belongs to what follows. */
function splitApplication(text: string): ApplicationText | undefined {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /^ {2}source:\s*(?:#.*)?$/.test(line));
  if (start < 0) return undefined;
  const length = lines.slice(start + 1).findIndex((line) => /^(?: {2}\S|\S)/.test(line));
  let end = length < 0 ? lines.length : start + 1 + length;
  while (end > start + 1 && lines[end - 1]?.trim() === '') end -= 1;
  return { head: lines.slice(0, start), source: lines.slice(start, end), tail: lines.slice(end) };
}

function commentsOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => /(?:^|\s)(#.*)$/.exec(line)?.[1]?.trimEnd() ?? []);
}

/** Of comments that must all be there, in any order, each as often as it was. */
function lostComments(before: readonly string[], after: readonly string[]): string[] {
  const left = commentsOf(after);
  return commentsOf(before).flatMap((comment) => {
    const at = left.indexOf(comment);
    if (at < 0) return [`lost "${comment}"`];
    left.splice(at, 1);
    return [];
  });
}

function outsideProblems(before: readonly string[], after: readonly string[]): string[] {
  const at = before.findIndex((line, index) => line !== after[index]);
  if (at >= 0) return [`outside spec.source "${before[at] ?? ''}" became "${after[at] ?? ''}"`];
  return before.length === after.length
    ? []
    : [`outside spec.source "${after[before.length] ?? ''}" was added`];
}

/** Of lines that must all be there, in their order. */
function lostLines(kept: readonly string[], after: readonly string[]): string[] {
  const left = [...after];
  return kept.flatMap((line) => {
    const at = left.findIndex((one) => one.includes(line));
    if (at < 0) return [`lost "${line.trim()}"`];
    left.splice(0, at + 1);
    return [];
  });
}
