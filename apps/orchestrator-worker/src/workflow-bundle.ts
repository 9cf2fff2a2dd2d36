import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Bundles the workflows from their TypeScript sources. Done ahead of production (and once for a test run), so that
 * a worker starts without webpack. Webpack does not read tsconfig paths, hence the alias.
 */
export async function bundleWorkflows(): Promise<WorkflowBundleWithSourceMap> {
  return await bundleWorkflowCode({
    workflowsPath: here('./workflows/index.ts'),
    workflowInterceptorModules: [here('./workflows/trace-run.ts')],
    webpackConfigHook: (config) => {
      // Temporal's own aliases (for custom converters) stay.
      const alias = Object.assign({}, config.resolve?.alias, {
        '@loom/domain$': here('../../../libs/domain/src/index.ts'),
      });
      return { ...config, resolve: { ...config.resolve, alias } };
    },
  });
}
