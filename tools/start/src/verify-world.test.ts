import { linesToKeep } from './verify-world';

const APPLICATION = `# billing in prod
kind: Application
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
    automated:
      prune: true # leaves the cluster
`;

describe('what a migration may not take away', () => {
  it('is every line of an Application outside its source, and the comments on the chart itself', () => {
    expect(linesToKeep(APPLICATION)).toEqual([
      '# billing in prod',
      'kind: Application',
      'spec:',
      '# the shared chart',
      '# after the meeting',
      '  syncPolicy:',
      '    automated:',
      '      prune: true # leaves the cluster',
    ]);
  });

  it('is every comment of another file', () => {
    expect(linesToKeep('# top\non: push # each\njobs:\n  a: "b#c"\n')).toEqual(['# top', '# each']);
  });
});
