/**
 * Keeps V8 from a crash that threads of Node meet when several of them use WebAssembly, as Node does to strip types:
 * code that takes a function's calls out of it is freed twice when it is compiled anew, after 1,000 calls
 * (https://github.com/nodejs/node/issues/64500: `Check failed: jit_page_->allocations_.erase(addr) == 1`, or SIGSEGV).
 * Here that code stays as it is. What is published is JavaScript, and has nothing to strip.
 *
 * @module
 */

import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--wasm-wrapper-tiering-budget=2147483647');
