using Fermata;
using Fermata.Emscripten;
using Fermata.Samples.SqliteAsync;

// npm ci --prefix samples/sqlite-async
// dotnet run -c Release --project samples/sqlite-async [wa-sqlite-jspi.wasm]
var path = args is [var given] ? given : Path.Combine("samples", "sqlite-async", "node_modules", "@journeyapps", "wa-sqlite", "dist", "wa-sqlite-jspi.wasm");
if (!File.Exists(path))
{
    await Console.Error.WriteLineAsync($"There is no {path}: run npm ci --prefix samples/sqlite-async, or say where wa-sqlite-jspi.wasm of @journeyapps/wa-sqlite is.");
    return 1;
}

await Demo.RunAsync(await EmscriptenProgram.LoadFileAsync(new Engine(), path), Console.Out);
return 0;
