// Writes src/api/schema.d.ts from the committed ../openapi.json. With --check it only compares, and fails
// when the two differ: `npm run types` then mends it.
import { readFileSync, writeFileSync, existsSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const document = new URL("../../openapi.json", import.meta.url);
const target = new URL("../src/api/schema.d.ts", import.meta.url);
if (!existsSync(document)) {
  console.log("types: openapi.json is not there; nothing compared");
  process.exit(0);
}
const head = "// Generated from openapi.json by `npm run types`. Do not edit.\n\n";
const fresh = head + astToString(await openapiTS(document, { defaultNonNullable: false }));
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== fresh) {
    console.error("types: src/api/schema.d.ts does not match openapi.json; run `npm run types` and commit it");
    process.exit(1);
  }
  console.log("types: src/api/schema.d.ts matches openapi.json");
} else {
  writeFileSync(target, fresh);
}
