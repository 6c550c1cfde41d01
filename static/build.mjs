// Turns static/css, static/js, static/img, one font of USWDS and two that print Arabic into content-hashed files and a
// manifest of their names.
// Called by build.py as: node build.mjs DESTINATION GENERATED. GENERATED holds scripts that were made of the site's own
// rules, to be built with those of static/js. Writes nothing outside DESTINATION.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as sass from "sass-embedded";

const here = path.dirname(fileURLToPath(import.meta.url));
const uswds = path.join(here, "node_modules/@uswds/uswds");
const [, , destination, generated] = process.argv;
const manifest = {};

/** Write `content` as NAME.HASH.EXTENSION, with compressed twins for the server to choose from; answer the new name. */
async function emit(name, content) {
  const { dir, name: stem, ext } = path.posix.parse(name);
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const hashed = path.posix.join(dir, `${stem}.${digest}${ext}`);
  const file = path.join(destination, hashed);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  if (![".woff2", ".ttf"].includes(ext)) {
    await writeFile(`${file}.gz`, gzipSync(content, { level: 9 }));
    await writeFile(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  }
  manifest[name] = hashed;
  return hashed;
}

async function sources(folder, extension) {
  const names = await readdir(path.resolve(here, folder));
  return names.filter((name) => name.endsWith(extension) && !name.startsWith("_")).sort();
}

async function buildFonts() {
  const bold = path.join(uswds, "dist/fonts/merriweather/Latin-Merriweather-Bold.woff2");
  await emit("fonts/merriweather-bold.woff2", await readFile(bold));
  // For reports on paper alone: pages are read in the reader's own fonts.
  for (const weight of ["Regular", "Bold"]) {
    const arabic = path.join(here, `node_modules/@embedpdf/fonts-arabic/fonts/NotoNaskhArabic-${weight}.ttf`);
    await emit(`fonts/noto-naskh-arabic-${weight.toLowerCase()}.ttf`, await readFile(arabic));
  }
}

async function buildImages() {
  for (const name of await sources("img", ".svg")) {
    await emit(`img/${name}`, await readFile(path.join(here, "img", name)));
  }
}

/** Names of files built earlier are written as url("../fonts/x.woff2") in the sources and end up with their hashes. */
async function buildStyles() {
  for (const name of await sources("css", ".scss")) {
    const { css } = await sass.compileAsync(path.join(here, "css", name), {
      style: "compressed",
      loadPaths: [path.join(uswds, "packages")],
      quietDeps: true,
      logger: sass.Logger.silent,
    });
    const linked = css.replaceAll(/url\("?\.\.\/([^")]+)"?\)/g, (_, target) => `url(../${built(target)})`);
    await emit(`css/${name.replace(/\.scss$/, ".css")}`, linked);
  }
}

function built(target) {
  if (!(target in manifest)) throw new Error(`a style sheet refers to ${target}, which is not built`);
  return manifest[target];
}

/** A module is hashed after the modules it imports, because their hashed names are part of its text. */
async function buildScripts() {
  const waiting = new Map();
  for (const folder of [path.join(here, "js"), generated]) {
    for (const name of await sources(folder, ".js")) {
      waiting.set(`js/${name}`, await readFile(path.join(folder, name), "utf8"));
    }
  }
  const imports = /((?:from|import)\s*\(?\s*)"\.\/([\w-]+\.js)"/g;
  while (waiting.size) {
    const ready = [...waiting].filter(([, text]) =>
      [...text.matchAll(imports)].every(([, , target]) => `js/${target}` in manifest),
    );
    if (!ready.length) throw new Error(`these modules import each other or what does not exist: ${[...waiting.keys()]}`);
    for (const [name, text] of ready) {
      const linked = text.replaceAll(imports, (_, before, target) => {
        return `${before}"./${path.posix.basename(manifest[`js/${target}`])}"`;
      });
      await emit(name, linked);
      waiting.delete(name);
    }
  }
}

await buildFonts();
await buildImages();
await buildStyles();
await buildScripts();
const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
await writeFile(path.join(destination, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);
