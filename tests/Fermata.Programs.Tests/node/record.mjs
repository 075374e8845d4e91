// Records what the scripts in `cases` print under Node's WASI, beside each of them: node record.mjs [PROGRAM[/SCRIPT]]…
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { WASI } from "node:wasi";

const here = join(import.meta.dirname, "..");
const packages = join(here, "../Fermata.Wasi.Tests/npm/node_modules");
const programs = JSON.parse(readFileSync(join(here, "programs.json"), "utf8"));

if (process.argv[2] === "--run")
    await run(...process.argv.slice(3));
else
    record(process.argv.slice(2));

function record(wanted) {
    for (const program of readdirSync(join(here, "cases"))) {
        const cases = join(here, "cases", program);
        for (const script of readdirSync(cases).filter(file => !file.endsWith(".expected"))) {
            if (wanted.length > 0 && !wanted.includes(program) && !wanted.includes(`${program}/${script}`))
                continue;
            const folder = mkdtempSync(join(tmpdir(), "fermata-"));
            const files = mkdtempSync(join(tmpdir(), "fermata-"));
            const { archive, package: name, readsScript } = programs[program];
            if (archive)
                spawnSync("tar", ["xzf", join(packages, name, archive), "-C", files]);
            const { stdout, stderr, status } = spawnSync(
                process.execPath, ["--no-warnings", fileURLToPath(import.meta.url), "--run", program, script, files, folder], {
                    encoding: "utf8",
                    input: readsScript ? readFileSync(join(cases, script)) : "",
                });
            writeFileSync(join(cases, `${script}.expected`), `${stdout}\n=== error\n${stderr}\n=== exit code ${status}\n`);
            console.log(`${program}/${script}: exit code ${status}`);
            rmSync(folder, { recursive: true });
            rmSync(files, { recursive: true });
        }
    }
}

async function run(program, script, files, folder) {
    const description = programs[program];
    const module = await WebAssembly.compile(readFileSync(join(packages, description.package, description.module)));
    const wanted = WebAssembly.Module.imports(module);
    const wasi = new WASI({
        version: wanted.some(({ module }) => module === "wasi_unstable") ? "unstable" : "preview1",
        args: [program, ...description.arguments.map(argument => argument.replace("{script}", `/cases/${script}`))],
        env: { GREETING: "hello, wörld" },
        preopens: { "/": files, "/cases": join(here, "cases", program), "/scratch": folder },
        returnOnExit: true,
    });
    const imports = wasi.getImportObject();
    for (const { module, name } of wanted)
        (imports[module] ??= {})[name] ??= () => { throw new Error(`${module}.${name} was called`); };
    process.exit(wasi.start(await WebAssembly.instantiate(module, imports)));
}
