import { generate } from 'openapi-typescript-codegen';
import { withoutStreams, type ContractDocument } from './document';
import { rewriteFiles } from './files';

/** Writes the typed client (`LoomClient`) and the types of every component schema into `directory`. */
export async function generateClient(document: ContractDocument, directory: string): Promise<void> {
  await generate({
    // The generator resolves references in place, so it gets its own copy.
    input: structuredClone(withoutStreams(document)),
    output: directory,
    httpClient: 'fetch',
    clientName: 'LoomClient',
    useOptions: true,
    useUnionTypes: true,
    indent: '2',
  });
  await rewriteFiles(directory, tidyClient);
}

/**
 * An answer without a body comes out as `any`, except for a 204: say `void`, as it is.
 */
export function tidyClient(source: string): string {
  return source.replaceAll('CancelablePromise<any>', 'CancelablePromise<void>');
}
