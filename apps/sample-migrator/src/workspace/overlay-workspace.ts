import type { FileChanges, Snapshot, Workspace } from '../ports';

/** One file that a step changed; undefined = it did not exist, or exists no more. */
export interface FileEdit {
  path: string;
  before: string | undefined;
  after: string | undefined;
}

/** A workspace that keeps its edits in memory on top of something that is only read. */
export interface OverlayWorkspace extends Workspace {
  /** What is different from the base, sorted by path; an edit that restored the base is no difference. */
  edits(): Promise<FileEdit[]>;
}

/** Lays a workspace over `base`: a snapshot, or another workspace (so that edits stack). The base is never written. */
export function createOverlayWorkspace(base: Pick<Snapshot, 'read' | 'list'>): OverlayWorkspace {
  const files = new Map<string, string | null>();
  return {
    read: async (path) => (files.has(path) ? (files.get(path) ?? undefined) : base.read(path)),
    write: (path, content) => {
      files.set(path, content);
      return Promise.resolve();
    },
    delete: (path) => {
      files.set(path, null);
      return Promise.resolve();
    },
    list: async (dir) => {
      const paths = new Set(await base.list(dir));
      for (const [path, content] of files) {
        if (dir !== '' && !path.startsWith(`${dir}/`)) continue;
        if (content === null) paths.delete(path);
        else paths.add(path);
      }
      return [...paths].sort();
    },
    edits: async () => {
      const edits = await Promise.all(
        [...files].map(async ([path, content]) => ({
          path,
          before: await base.read(path),
          after: content ?? undefined,
        })),
      );
      return edits.filter((edit) => edit.before !== edit.after).sort((a, b) => (a.path < b.path ? -1 : 1));
    },
  };
}

/** The edits in the form that a push takes. */
export function changesOf(edits: readonly FileEdit[]): FileChanges {
  return new Map(edits.map((edit) => [edit.path, edit.after ?? null]));
}

/** Writes `edits` into `workspace`. */
export async function applyEdits(workspace: Workspace, edits: readonly FileEdit[]): Promise<void> {
  for (const edit of edits) {
    await (edit.after === undefined ? workspace.delete(edit.path) : workspace.write(edit.path, edit.after));
  }
}
