import type { ReviewStep } from './step';

/** Waits for a person: the console shows the instructions, and the person says done or failed there. */
export const manualReview: ReviewStep = ({ config, candidate }) => ({
  instructions: config['instructions'] ?? `Check ${candidate.id}, then complete this step.`,
});
