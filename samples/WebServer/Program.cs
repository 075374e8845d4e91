using Fermata.Samples.WebServer;

// dotnet run -c Release                               then look at http://localhost:5000
// dotnet run -c Release -- load --requests 5000       measures
if (args is ["load", .. var options])
    return await LoadTest.RunAsync(options, Console.Out);

await using var server = await Server.BuildAsync(args);
await server.RunAsync();
return 0;
