import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { PullRequests } from '../work/pull-requests';
import { parseBody, RequestError } from './problem';
import { isSignedBy } from './signature';

/** What is read of a `pull_request` event; GitHub and Gitea write these fields alike. */
const pullRequestEvent = z.object({
  action: z.string(),
  pull_request: z.object({
    number: z.int(),
    html_url: z.string(),
    merged: z.boolean().nullish(),
    merge_commit_sha: z.string().nullish(),
  }),
  repository: z.object({ full_name: z.string() }),
});

export interface WebhookDeps {
  /** Without one no webhook can be trusted, so none is taken. */
  secret: string | undefined;
  pullRequests: PullRequests;
}

/** `POST /webhooks/github`: a closed pull request ends the step that waits for it; everything else is harmless. */
export function githubWebhook({ secret, pullRequests }: WebhookDeps): RequestHandler {
  return async (request, response) => {
    const body: unknown = request.body;
    const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    if (secret === undefined || !isSignedBy(secret, raw, request.get('x-hub-signature-256'))) {
      throw new RequestError(401, 'unauthenticated', 'the signature is not of this body under our secret');
    }
    if (request.get('x-github-event') !== 'pull_request') return void response.status(202).end();
    const event = parseBody(pullRequestEvent, parseJson(raw));
    if (event.action === 'closed') {
      const { number, html_url: url, merged, merge_commit_sha: commitSha } = event.pull_request;
      await pullRequests.happened({
        repo: event.repository.full_name,
        number,
        url,
        state: merged === true ? 'merged' : 'closed',
        ...(merged === true && typeof commitSha === 'string' ? { commitSha } : {}),
      });
    }
    response.status(202).end();
  };
}

function parseJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8')) as unknown;
  } catch {
    throw new RequestError(400, 'invalid_request', 'the body is not JSON');
  }
}
