#!/usr/bin/env node
// The Solidity compiler as forge calls it, on the JavaScript build of the compiler: `--version`, and `--standard-json` from
// standard input to standard output. Forge hands over every source in the input, so no import is ever looked up.
"use strict";

const solc = require("solc");

if (process.argv.includes("--version")) {
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`);
} else if (process.argv.includes("--standard-json")) {
  process.stdout.write(solc.compile(require("fs").readFileSync(0, "utf8")));
} else {
  console.error("solc.js answers --version and --standard-json only.");
  process.exitCode = 1;
}
