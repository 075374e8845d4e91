using Fermata.Samples.DurableOrders;

// dotnet run -c Release --project samples/durable-orders        then look at http://localhost:5000, and kill it
await using var server = Server.Build(args);
await server.StartAsync();
Console.WriteLine($"{string.Join(' ', server.Urls)} is process {Environment.ProcessId}. Place orders, kill -9 {Environment.ProcessId}, and start it again.");
await server.WaitForShutdownAsync();
