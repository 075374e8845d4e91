using Fermata.Bench;

return await Command.RunAsync(args);
