export { untilDiscovered } from './discovered';
export { startLocalLoom, type LocalLoom } from './local-loom';
export { providePrograms } from './programs';
export { unusedPorts } from './settings';
