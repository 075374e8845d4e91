import { compileFreestanding } from '../toolchain.mjs';

// The engine finds the C stack by its pointer, and has an allocator make others for the policy Separate.
await compileFreestanding(import.meta.dirname, 'sensors.c', 'sensors.wasm', ['-Wl,--export=__stack_pointer']);
