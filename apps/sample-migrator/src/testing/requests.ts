import { createHmac } from 'node:crypto';
import type { Express } from 'express';
import request from 'supertest';
import { dispatchOf, WEBHOOK_SECRET } from './memory-migrator';
import { GITOPS } from './world';

/** Posts a dispatch of one of billing-api's steps, as Loom would. */
export function dispatch(app: Express, stepName: string, attempt = 1, runAttempt = 1, more: object = {}) {
  const { body, key } = dispatchOf(stepName, attempt, runAttempt);
  return request(app)
    .post('/dispatch-step')
    .set('idempotency-key', key)
    .send({ ...body, ...more });
}

/** Posts a webhook, signed with `secret`. */
export function webhook(app: Express, body: object, secret = WEBHOOK_SECRET, event = 'pull_request') {
  const raw = JSON.stringify(body);
  const mac = createHmac('sha256', secret).update(raw).digest('hex');
  return request(app)
    .post('/webhooks/github')
    .set({
      'x-github-event': event,
      'x-hub-signature-256': `sha256=${mac}`,
      'content-type': 'application/json',
    })
    .send(raw);
}

/** The webhook of a pull request that was closed (or what `action` says). */
export function closed(number: number, merged: boolean, action = 'closed') {
  const url = `http://forge/${GITOPS}/pull/${String(number)}`;
  return {
    action,
    pull_request: { number, html_url: url, merged, merge_commit_sha: merged ? 'c0ffee' : null },
    repository: { full_name: GITOPS },
  };
}

/** Posts a cancel of a run's first attempt. */
export function cancel(app: Express, steps: object[] = [], candidateId = 'billing-api', run = candidateId) {
  const runId = `app-chart-migration__${run}`;
  return request(app).post('/cancel-step').send({ runId, runAttempt: 1, candidateId, steps });
}
