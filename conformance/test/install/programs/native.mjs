// The binary is there, and says the truth.

import { statSync } from 'node:fs';
import { kernel } from '@rtap/native';

const inode = await kernel.namespaceInode();
if (inode !== statSync('/proc/self/ns/net', { bigint: true }).ino) throw new Error(`${inode}`);
console.log('loaded');
