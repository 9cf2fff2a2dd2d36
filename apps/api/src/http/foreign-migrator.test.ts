import { runId, type StepState } from '@loom/domain';
import { createDryRunner } from '@loom/migrator-client';
import { MockAgent } from 'undici';
import { contractWorlds } from '../testing/http-world';
import announcement from './fixtures/foreign-migrator/announce.json';
import dryRunAnswer from './fixtures/foreign-migrator/dry-run-answer.json';
import dryRunErrors from './fixtures/foreign-migrator/dry-run-answer-with-errors.json';
import failed from './fixtures/foreign-migrator/event-failed.json';
import merged from './fixtures/foreign-migrator/event-merged.json';
import pendingManual from './fixtures/foreign-migrator/event-pending-manual.json';
import pendingPr from './fixtures/foreign-migrator/event-pending-pr.json';
import submission from './fixtures/foreign-migrator/submit.json';
import nothingFound from './fixtures/foreign-migrator/submit-nothing-found.json';

const CANDIDATE = 'billing-api';
const MIGRATION = `/migrations/${announcement.id}`;
const RUN = runId(announcement.id, CANDIDATE);
const inputs = { repoName: CANDIDATE };
const worldOf = contractWorlds();

/** A world in which the migrator has announced itself and submitted what it found. */
async function foreignWorld(options: Parameters<typeof worldOf>[0] = {}) {
  const world = worldOf(options);
  const announce = () => world.api.post('/registry/announce').send(announcement).expect(200);
  const submit = (body: object = submission) => world.api.post(`${MIGRATION}/candidates`).send(body);
  const operator = (action: string, body: object) =>
    world.api.post(`${MIGRATION}/candidates/${CANDIDATE}/${action}`).send(body);
  const announced = await announce();
  const submitted = await submit().expect(200);
  return { ...world, announce, submit, operator, announced, submitted };
}

/** The same with a run of the candidate, and ways to stand at a step and to report on it as the migrator does. */
async function runningWorld() {
  const world = await foreignWorld();
  await world.operator('start', { inputs }).expect(202);
  const address = { migrationId: announcement.id, candidateId: CANDIDATE, runAttempt: 1 };
  await world.stores.ledger.begin({ ...address, executionId: 'e1', at: world.clock.now() });
  const record = async () => {
    const run = (await world.stores.reader.snapshot(announcement.id, CANDIDATE))?.run;
    if (run === undefined) throw new Error('the candidate has no run');
    return run;
  };
  const standAt = async (stepName: string, status: StepState['status']) => {
    const { steps, seq } = await record();
    const currentStep = steps.findIndex((step) => step.stepName === stepName);
    const view = steps.map((step, index): StepState => {
      if (index > currentStep) return step;
      return { ...step, attempt: 1, status: index < currentStep ? 'merged' : status };
    });
    const at = world.clock.now();
    await world.stores.ledger.project({ ...address, seq: seq + 1, steps: view, currentStep, inputs, at });
  };
  const report = async (event: { stepName: string }) => {
    const { nonce, steps } = await record();
    const stepIndex = steps.findIndex(({ stepName }) => stepName === event.stepName);
    const callbackId = world.signer.sign({ runId: RUN, runAttempt: 1, stepIndex, attempt: 1 }, nonce);
    return world.api.post(`/event/${callbackId}`).send(event);
  };
  const signalled = () => world.engine.messages.map(({ message }) => message.payload);
  return { ...world, standAt, report, signalled };
}

describe('a migrator written to an earlier form of the contract', () => {
  it('is registered with all that it announced, under the app that its steps name', async () => {
    const { announced, announce } = await foreignWorld();
    const { id, name, description, overview, requiredInputs, steps, migratorUrl } = announcement;
    expect(steps).toHaveLength(17);
    const authored = { id, name, description, overview, requiredInputs, steps, migratorUrl };
    expect(announced.body).toMatchObject({ ...authored, migratorApp: 'app-chart-migrator' });
    expect((await announce()).body).toMatchObject({ revision: 1, counts: { total: 2 } });
  });

  it('submits candidates of which Loom keeps everything but the status they claim', async () => {
    const { submitted, api } = await foreignWorld();
    expect(submitted.body).toEqual({ added: 2, updated: 0, unchanged: 0, preserved: 0 });
    const { body } = await api.get(`${MIGRATION}/candidates`).expect(200);
    expect(body.candidates).toMatchObject(submission.candidates);
    const claiming = submission.candidates.map((one) => ({ ...one, status: 'completed' }));
    await api.post(`${MIGRATION}/candidates`).send({ candidates: claiming }).expect(200);
    expect((await api.get(`${MIGRATION}/candidates`).expect(200)).body.counts).toMatchObject({
      not_started: 2,
      completed: 0,
    });
  });

  it('submits null when it finds nothing, which takes no candidate away', async () => {
    const { submit, api } = await foreignWorld();
    const none = { added: 0, updated: 0, unchanged: 0, preserved: 0 };
    await submit(nothingFound).expect(200, none);
    expect((await api.get(`${MIGRATION}/candidates`).expect(200)).body.total).toBe(2);
  });

  it('submits again after a restart without disturbing what runs', async () => {
    const { submit, api } = await runningWorld();
    expect((await submit().expect(200)).body).toMatchObject({ added: 0, preserved: 1 });
    const { body } = await api.get(`${MIGRATION}/candidates/${CANDIDATE}`).expect(200);
    expect(body).toMatchObject({ status: 'running', run: { runId: RUN, attempt: 1 } });
  });

  it('has its required input asked for, and its own steps executed', async () => {
    const { operator, api } = await foreignWorld();
    const { body } = await operator('start', {}).expect(400);
    expect(body).toMatchObject({ code: 'invalid_inputs', errors: [{ pointer: '/inputs/repoName' }] });
    await operator('start', { inputs }).expect(202);
    const steps = await api.get(`${MIGRATION}/candidates/${CANDIDATE}/steps`).expect(200);
    expect(steps.body.steps).toMatchObject(
      submission.candidates[0]?.steps.map(({ name, type }) => ({ stepName: name, type })) ?? [],
    );
  });

  it.each([
    ['pending with a pull request is an open step', pendingPr, 'open', 0],
    ['pending with instructions is a step that awaits its review', pendingManual, 'awaiting_review', 2],
    ['merged is merged', merged, 'merged', 0],
    ['failed, without a word why, is failed', failed, 'failed', 0],
  ])('says how a step stands: %s', async (_what, event, status, stepIndex) => {
    const { standAt, report, signalled } = await runningWorld();
    await standAt(event.stepName, 'in_progress');
    expect(await report(event)).toMatchObject({ status: 202, body: { status: 'event raised' } });
    expect(signalled()).toEqual([{ ...event, status, runAttempt: 1, stepIndex, attempt: 1 }]);
  });

  it('may report on a step before Loom has recorded that it was dispatched', async () => {
    const { report, signalled } = await runningWorld();
    expect((await report(pendingPr)).status).toBe(202);
    expect(signalled()).toMatchObject([{ status: 'open', stepIndex: 0, attempt: 1 }]);
  });

  it('is refused a merge that comes after an operator has reported it', async () => {
    const { standAt, report, signalled } = await runningWorld();
    await standAt('generate-app-chart', 'in_progress');
    expect(await report(merged)).toMatchObject({ status: 409, body: { code: 'event_not_expected' } });
    expect(signalled()).toEqual([]);
  });

  it('leaves its review to an operator, who names run and attempt', async () => {
    const { standAt, api, signalled } = await runningWorld();
    const { stepName } = pendingManual;
    await standAt(stepName, 'awaiting_review');
    const event = { stepName, candidateId: CANDIDATE, status: 'completed', runAttempt: 1, attempt: 1 };
    await api.post(`/event/${RUN}`).send(event).expect(202);
    expect(signalled()).toEqual([{ ...event, stepIndex: 2 }]);
  });
});

describe('a dry run of a migrator written to an earlier form of the contract', () => {
  const agents: MockAgent[] = [];
  afterEach(() => Promise.all(agents.splice(0).map((agent) => agent.close())));

  /** The migrator's answer comes through the client that asks migrators; only the network is missing. */
  async function dryRunWorld(answer: object) {
    const agent = new MockAgent();
    agents.push(agent);
    agent.disableNetConnect();
    agent.get(announcement.migratorUrl).intercept({ path: '/dry-run', method: 'POST' }).reply(200, answer);
    return foreignWorld({ deps: { dryRunner: createDryRunner({ agent }) } });
  }

  it('answers null where a step changes no file, which becomes an empty list', async () => {
    const { operator } = await dryRunWorld(dryRunAnswer);
    const steps = dryRunAnswer.steps.map((step) => ({ ...step, files: step.files ?? [] }));
    expect(steps.filter(({ files }) => files.length === 0)).toHaveLength(5);
    await operator('dry-run', { inputs }).expect(200, { steps });
  });

  it('keeps for each step the error that it met', async () => {
    const { operator } = await dryRunWorld(dryRunErrors);
    const steps = dryRunErrors.steps.map((step) =>
      'error' in step ? step : { ...step, files: step.files ?? [] },
    );
    expect(steps.some((step) => 'error' in step)).toBe(true);
    await operator('dry-run', { inputs }).expect(200, { steps });
  });
});
