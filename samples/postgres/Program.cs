using Fermata;
using Fermata.Platform.FileSystems;
using Fermata.Samples.Postgres;

// npm ci --prefix samples/postgres
// dotnet run -c Release --project samples/postgres [folder]
var package = Path.Combine("samples", "postgres", "node_modules", "@electric-sql", "pglite", "dist");
if (!Directory.Exists(package))
{
    await Console.Error.WriteLineAsync($"There is no {package}: run npm ci --prefix samples/postgres, and this in the root of the repository.");
    return 1;
}

var postgres = await PostgresPackage.LoadAsync(new Engine(), package);
FileSystem data = args is [var folder] ? new HostFileSystem(Directory.CreateDirectory(folder).FullName) : new MemoryFileSystem();
if (args is not [var made] || !File.Exists(Path.Combine(made, "PG_VERSION")))
    await Initdb.RunAsync(postgres, data);
await Demo.RunAsync(postgres, data, Console.Out);
return 0;
