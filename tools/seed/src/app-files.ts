import type { SeedApplication } from './applications';
import type { Files } from './gitops-files';

/** An application's own repository, as it is before the migration. */
export function appFiles(application: SeedApplication): Files {
  const { id, team, port } = application;
  return {
    'README.md': `# ${id}\n\nOwned by ${team}. Deployed by the GitOps repository, from the generic chart.\n`,
    Makefile: `build:\n\t@echo building ${id}\n\ntest:\n\t@echo testing ${id}\n`,
    'src/main.txt': `listens on ${String(port)}\n`,
    '.github/workflows/deploy.yaml': workflow(application),
  };
}

function workflow({ id, environments, style }: SeedApplication): string {
  const { quotes: q } = style;
  return [
    `# Builds ${id} and tells the GitOps repository about the new image.`,
    'name: deploy',
    'on:',
    '  push:',
    '    branches: [main] # every merge goes out',
    '',
    'env:',
    `  APP: ${id}`,
    '  CHART: generic-app # the chart that everybody shares',
    `  CHART_REPOSITORY: ${q}https://charts.example.com/generic${q}`,
    '',
    'jobs:',
    '  test:',
    '    runs-on: ubuntu-latest',
    '    steps:',
    '      - uses: actions/checkout@v4',
    '      - run: make test',
    '',
    '  deploy:',
    '    needs: test',
    '    runs-on: ubuntu-latest',
    '    strategy:',
    `      matrix: { env: [${environments.join(', ')}] }`,
    '    steps:',
    '      # The tag is a helm parameter in the GitOps repository.',
    '      - run: make deploy ENV=${{ matrix.env }}',
    '',
    '# Questions: ask in the channel of the team.',
    '',
  ].join('\n');
}
