import { lostText } from './kept-text';

const APPLICATION = `# billing in prod
spec:
  source:
    # the shared chart
    chart: generic-app
    targetRevision: 2.3.1   # after the meeting
    helm:
      # what differs
      parameters:
        - name: a # set by CI

  syncPolicy:
    automated: {} # by itself
`;
const MIGRATED = `# billing in prod
spec:
  source:
    # the shared chart
    chart: billing
    targetRevision: 1.0.0   # after the meeting
    helm:
      valueFiles: [values.yaml]

  syncPolicy:
    automated: {} # by itself
`;

/** The values file, with what the overlay said of values. */
const VALUES = '# what differs\na: 1 # set by CI\n';

describe('what a migration may not take away', () => {
  it('is every comment on the values, here or in the values file, as often as it was there', () => {
    expect(lostText(APPLICATION, MIGRATED)).toEqual(['lost "# what differs"', 'lost "# set by CI"']);
    expect(lostText(APPLICATION, MIGRATED, '# what differs\na: 1 # set by CI\n')).toEqual([]);
    const here = MIGRATED.replace('      valueFiles', '      # what differs\n      valueFiles');
    expect(lostText(APPLICATION, here, 'a: 1 # set by CI\n')).toEqual([]);
    const twice = APPLICATION.replace(
      '- name: a # set by CI',
      '- name: a # set by CI\n        - name: b # set by CI',
    );
    expect(lostText(twice, here, 'a: 1 # set by CI\n')).toEqual(['lost "# set by CI"']);
    expect(lostText(twice, here, 'a: 1 # set by CI\nb: 1 # set by CI\n')).toEqual([]);
  });

  it('is every comment of a source that has gone altogether', () => {
    const base =
      'spec:\n  a: 1\n  source: # of all\n    # rule\n    helm: # h\n      values: |\n        a: 1 # one\n';
    expect(lostText(base, 'spec:\n  a: 1\n', 'a: 1 # one\n# h\n# rule\n')).toEqual(['lost "# of all"']);
  });

  it('is every line of an Application outside its source, blank ones too', () => {
    expect(lostText(APPLICATION, MIGRATED.replace('\n\n', '\n'), VALUES)).toEqual([
      'outside spec.source "" became "  syncPolicy:"',
    ]);
    expect(lostText(APPLICATION, `${MIGRATED}\n`, VALUES)).toEqual(['outside spec.source "" was added']);
  });

  it('is the line ends', () => {
    expect(lostText(APPLICATION.replaceAll('\n', '\r\n'), MIGRATED, VALUES)).not.toEqual([]);
  });

  it('is the comments on the chart itself', () => {
    expect(lostText(APPLICATION, MIGRATED.replace('   # after the meeting', ''), VALUES)).toEqual([
      'lost "# after the meeting"',
    ]);
    // They speak of the chart, which is named here: the values file is no place for them.
    const elsewhere = `${VALUES}# after the meeting\n`;
    expect(lostText(APPLICATION, MIGRATED.replace('   # after the meeting', ''), elsewhere)).toHaveLength(1);
  });

  it('is every comment of another file', () => {
    const workflow = '# top\non: push # each\njobs:\n  a: "b#c"\n';
    expect(lostText(workflow, '# top\non: pull # each\n')).toEqual([]);
    expect(lostText(workflow, 'on: push # each\n')).toEqual(['lost "# top"']);
  });
});
