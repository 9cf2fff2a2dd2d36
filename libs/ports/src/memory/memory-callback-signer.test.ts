import { describeCallbackSigner } from '../contract';
import { MemoryCallbackSigner } from './memory-callback-signer';

describeCallbackSigner('memory', () => new MemoryCallbackSigner());
