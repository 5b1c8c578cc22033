// After the build: a .gz and a .br beside every text file (the server sends them as they are), and the
// measure of the shell, the part every visitor loads first. It may not grow past its limit.
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const LIMIT_KIB = 300;
const dist = new URL("../dist", import.meta.url).pathname;

function* files(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else yield path;
  }
}

for (const path of files(dist)) {
  if (!/\.(js|css|html|svg|json)$/.test(path)) continue;
  const bytes = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}

const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));
const shell = new Set();
const add = (key) => {
  const chunk = manifest[key];
  if (!chunk || shell.has(chunk.file)) return;
  shell.add(chunk.file);
  for (const css of chunk.css ?? []) shell.add(css);
  for (const next of chunk.imports ?? []) add(next);
};
add("index.html");
const kib = [...shell].reduce((sum, file) => sum + statSync(join(dist, `${file}.gz`)).size, 0) / 1024;
console.log(`shell: ${kib.toFixed(0)} KiB gzip in ${shell.size} files (limit ${LIMIT_KIB})`);
if (kib > LIMIT_KIB) process.exit(1);
