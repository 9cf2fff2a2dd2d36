import { describeFacets } from './candidate-facets';
import { describeList } from './candidate-list';
import { describePrune } from './candidate-prune';
import { describeSubmit } from './candidate-submit';
import type { MakeStores } from './stores-under-test';

/** What every CandidateStore does. */
export function describeCandidateStore(name: string, make: MakeStores): void {
  describe(`${name} as a CandidateStore`, () => {
    describeSubmit(make);
    describePrune(make);
    describeList(make);
    describeFacets(make);
  });
}
