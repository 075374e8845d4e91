using Fermata.Cli;

return CommandLine.Run(args, Terminal.OfProcess());
