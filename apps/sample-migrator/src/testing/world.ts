import type { Candidate } from '@loom/domain';
import { candidatesFrom } from '../discovery/candidates';

/** `owner/name` of the GitOps repository in tests. */
export const GITOPS = 'acme/gitops';
export const REGISTRY = 'ghcr.io/acme/charts';

const place = 'apps/payments/billing-api';

/** An overlay with comments in every place where an edit could disturb them. */
export function overlay(env: string, prune = true): string {
  return `# billing-api in ${env}
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: billing-api-${env} # by convention <app>-<env>
  labels:
    app.kubernetes.io/instance: billing-api
    team: payments   # routes the alerts

spec:
  project: payments
  source:
    # one chart for everybody
    repoURL: 'https://charts.example.com/generic'
    chart: generic-app   # see the platform handbook
    targetRevision: 2.4.1 # pinned
    helm:
      # what differs in ${env}
      parameters:
        - name: image.tag
          value: "1.14.2" # bumped by CI
        # never below two
        - name: replicaCount
          value: "3"
        - { name: env.LOG_LEVEL, value: debug }
        - name: podAnnotations.example\\.com/owner
          value: "007"
          forceString: true
      releaseName: billing-api
  syncPolicy:
    automated:
      prune: ${String(prune)}   # what is gone from git goes from the cluster
      selfHeal: true
`;
}

/** The base Application, whose inline values all environments share. */
export const BASE = `# shared by all environments of billing-api
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: billing-api
  annotations:
    acme.example/repository: acme/billing-api
spec:
  source:
    helm:
      # common values
      values: |
        # the service listens here
        service:
          port: 8080 # not 80

        probes: { liveness: /healthz }
  destination:
    namespace: billing # everybody's
`;

export const WORKFLOW = `name: deploy # on every merge
on:
  push:
    branches: [main]
env:
  CHART: generic-app # shared
  CHART_REPOSITORY: "https://charts.example.com/generic"
jobs:
  # fast first
  test:
    runs-on: ubuntu-latest
    steps:
      - run: make test

# the end
`;

/** The GitOps repository with billing-api in `environments`; pruning is off in prod. */
export function gitopsFiles(
  environments: readonly string[] = ['dev', 'staging', 'prod'],
): Record<string, string> {
  const overlays = environments.map((env): [string, string] => [
    `${place}/overlays/${env}/application.yaml`,
    overlay(env, env !== 'prod'),
  ]);
  return {
    'README.md': '# gitops\n',
    [`${place}/base/application.yaml`]: BASE,
    ...Object.fromEntries(overlays),
  };
}

export function overlayPath(env: string): string {
  return `${place}/overlays/${env}/application.yaml`;
}

export const basePath = `${place}/base/application.yaml`;
export const workflowPath = '.github/workflows/deploy.yaml';

/** The application's own repository. */
export const APP_FILES: Record<string, string> = { 'README.md': '# billing-api\n', [workflowPath]: WORKFLOW };

/** billing-api as discovery finds it in `files`. */
export function billingApi(files: Readonly<Record<string, string>> = gitopsFiles()): Candidate {
  const found = candidatesFrom(new Map(Object.entries(files)), {
    gitopsRepo: GITOPS,
    chartRegistry: REGISTRY,
    environments: ['dev', 'staging', 'prod'],
    webUrl: 'http://127.0.0.1:3300',
  });
  const candidate = found.candidates[0];
  if (!candidate) throw new Error('the fixture has no candidate');
  return candidate;
}
