// All but the kernel works without the binary; the error says how to get it.

import { openTap } from '@rtap/core';
import { FakeKernel } from '@rtap/testkit';

const tap = await openTap({ kernel: new FakeKernel() });
console.log(tap.link.status);
await tap.close();
await openTap().then(
  () => console.log('opened'),
  ({ code, hint }) => console.log(code, hint),
);
