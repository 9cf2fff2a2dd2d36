import type { Candidate } from '@loom/domain';

const TEAMS = 50;
const SYSTEMS = 10_000;
/** A prime, so that ids do not follow ordinals. */
const STRIDE = 7_919;

/** Candidate `index` of a fleet of `size`: about 585 bytes of JSON with six metadata keys, one of them unique. */
export function candidateOf(index: number, size: number, revision = 0): Candidate {
  const number = String((index * STRIDE) % size).padStart(7, '0');
  const repo = `platform-fleet/service-${number}`;
  return {
    id: `service-${number}`,
    kind: index % 20 === 0 ? 'library' : index % 3 === 0 ? 'job' : 'service',
    metadata: {
      language: ['java', 'kotlin', 'go', 'typescript', 'python'][index % 5] ?? '',
      region: `eu-${index % 4}`,
      repoName: repo,
      system: `system-${index % SYSTEMS}`,
      team: `team-${(index + revision) % TEAMS}`,
      tier: `tier-${index % 3}`,
    },
    state: { chart: 'generic-application', chartVersion: `4.${index % 12}.${revision}`, replicas: '3' },
    files: [
      {
        name: 'production',
        repo: 'platform-fleet/gitops',
        files: [
          { path: `production/${number}/values.yaml`, url: `https://git.example/${repo}/values.yaml` },
          { path: `production/${number}/chart.yaml`, url: `https://git.example/${repo}/chart.yaml` },
        ],
      },
    ],
  };
}

/** Candidates `from` … `to` (exclusive). */
export function candidatesOf(from: number, to: number, size: number, revision = 0): Candidate[] {
  return Array.from({ length: to - from }, (_, offset) => candidateOf(from + offset, size, revision));
}
