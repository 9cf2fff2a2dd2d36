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

describe('what a migration may not take away', () => {
  it('is no part of the values, with their comments', () => {
    expect(lostText(APPLICATION, MIGRATED)).toEqual([]);
  });

  it('is every line of an Application outside its source, blank ones too', () => {
    expect(lostText(APPLICATION, MIGRATED.replace('\n\n', '\n'))).toEqual([
      'outside spec.source "" became "  syncPolicy:"',
    ]);
    expect(lostText(APPLICATION, `${MIGRATED}\n`)).toEqual(['outside spec.source "" was added']);
  });

  it('is the line ends', () => {
    expect(lostText(APPLICATION.replaceAll('\n', '\r\n'), MIGRATED)).not.toEqual([]);
  });

  it('is the comments on the chart itself', () => {
    expect(lostText(APPLICATION, MIGRATED.replace('   # after the meeting', ''))).toEqual([
      'lost "# after the meeting"',
    ]);
  });

  it('is every comment of another file', () => {
    const workflow = '# top\non: push # each\njobs:\n  a: "b#c"\n';
    expect(lostText(workflow, '# top\non: pull # each\n')).toEqual([]);
    expect(lostText(workflow, 'on: push # each\n')).toEqual(['lost "# top"']);
  });
});
