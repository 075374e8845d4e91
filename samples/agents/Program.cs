using System.Globalization;
using Fermata;
using Fermata.Python;
using Fermata.Samples.Agents;

// npm ci --prefix samples/agents
// dotnet run -c Release --project samples/agents [scripts]
var package = Path.Combine("samples", "agents", "node_modules", "pyodide");
if (!Directory.Exists(package))
{
    await Console.Error.WriteLineAsync($"There is no {package}: run npm ci --prefix samples/agents, and this in the root of the repository.");
    return 1;
}

var scripts = args is [var number] ? int.Parse(number, CultureInfo.InvariantCulture) : Demo.DefaultScripts;
var library = Path.Combine("samples", "agents", "obj", "library");
var distribution = await PythonDistribution.LoadAsync(new Engine(new EngineOptions { IsCollectible = false }), package, library);
await Demo.RunAsync(distribution, scripts, Demo.Options, Console.Out);
return 0;
