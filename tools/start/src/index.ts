export { untilDiscovered } from './discovered';
export { build, startLocalLoom, type LocalLoom } from './local-loom';
export { unusedPorts } from './settings';
