import { generate } from 'openapi-typescript-codegen';
import { withoutStreams, type ContractDocument } from './document';
import { rewriteFiles } from './files';
import { tidyClient } from './tidy';

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
