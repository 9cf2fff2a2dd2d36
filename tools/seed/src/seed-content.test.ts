import { parseDocument } from 'yaml';
import { appFiles } from './app-files';
import { seedApplications } from './applications';
import { expectedFiles } from './expected-files';
import { gitopsFiles, overlayPath } from './gitops-files';

const applications = seedApplications(30);

test('the same applications come every time, and more keep those before', () => {
  expect(seedApplications(30)).toEqual(applications);
  expect(seedApplications(100).slice(0, 30)).toEqual(applications);
  expect(new Set(seedApplications(500).map(({ id }) => id)).size).toBe(500);
});

test('environments differ: some applications are not promoted yet', () => {
  const count = (length: number) =>
    applications.filter(({ environments }) => environments.length === length).length;
  expect([count(1), count(2), count(3)]).toEqual([4, 4, 22]);
});

test('every file is valid YAML, and commented', () => {
  const files = { ...gitopsFiles('acme', applications) };
  for (const application of applications) Object.assign(files, appFiles(application));
  for (const [path, text] of Object.entries(files).filter(([name]) => name.endsWith('.yaml'))) {
    expect([path, parseDocument(text).errors]).toEqual([path, []]);
    expect([path, text.includes('#')]).toEqual([path, true]);
  }
});

test('people comment on values in every place where an edit could lose it', () => {
  const files = gitopsFiles('acme', applications.slice(0, 3));
  const texts = Object.entries(files).filter(([path]) => path.endsWith('/application.yaml'));
  expect(texts.filter(([path]) => path.includes('/base/'))).toHaveLength(3);
  const places = {
    base: [
      /source: #/,
      /source:.*\n +#.*\n +helm:/,
      /helm:.*\n +#.*\n +values:/,
      /values: \| #/,
      / {4}#.*\n {2}dest/,
    ],
    overlays: [
      /helm: #/,
      /parameters: #/,
      /value: .* #/,
      /name: .* #/,
      /\n +#.*\n +value:/,
      /\n +#.*\n\n {2}sync/,
    ],
  };
  for (const [path, text] of texts)
    for (const place of path.includes('/base/') ? places.base : places.overlays) expect(text).toMatch(place);
  expect(texts.filter(([, text]) => /values: \|.*\n +---\n/.test(text))).toHaveLength(1);
});

test('applications are written by different people', () => {
  const texts = applications.map((application) => {
    const text = gitopsFiles('acme', [application])[overlayPath(application, 'dev')] ?? '';
    return [
      text.includes('\r\n'),
      text.includes("'https"),
      /parameters: .*\r?\n {6}- /.test(text),
      text.includes('notifications'),
    ];
  });
  for (const trait of [0, 1, 2, 3]) {
    expect(new Set(texts.map((traits) => traits[trait])).size).toBe(2);
  }
});

test('what may be different at the end is named file by file', () => {
  const application = applications.find(({ environments }) => environments.length === 2);
  if (!application) throw new Error('there is none with two environments');
  const { id, team } = application;
  expect(expectedFiles(application)).toEqual([
    { repo: 'acme/gitops', path: `apps/${team}/${id}/base/application.yaml` },
    { repo: 'acme/gitops', path: `apps/${team}/${id}/overlays/dev/application.yaml` },
    { repo: 'acme/gitops', path: `apps/${team}/${id}/overlays/staging/application.yaml` },
    { repo: `acme/${id}`, path: `charts/${id}/Chart.yaml` },
    { repo: `acme/${id}`, path: `charts/${id}/values.yaml` },
    { repo: `acme/${id}`, path: `charts/${id}/values-dev.yaml` },
    { repo: `acme/${id}`, path: `charts/${id}/values-staging.yaml` },
    { repo: `acme/${id}`, path: '.github/workflows/deploy.yaml' },
  ]);
});
