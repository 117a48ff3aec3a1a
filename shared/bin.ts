#!/usr/bin/env node
import { isEntry, main } from './main.ts';

export { run } from './main.ts';

if (isEntry(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
