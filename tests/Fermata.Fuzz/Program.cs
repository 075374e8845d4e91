using System.CommandLine;
using Fermata.Fuzz;
using Fermata.Fuzz.Commands;

var root = new RootCommand("Looks for modules on which Fermata and V8 differ, for bytes that Fermata does not refuse as it should, and for code that does not end when it should.");
root.Subcommands.Add(DifferentialCommand.Create());
root.Subcommands.Add(ReplayCommand.Create());
root.Subcommands.Add(MutateCommand.Create());
root.Subcommands.Add(RecordCommand.Create());
root.Subcommands.Add(SoakCommand.Create());
root.Subcommands.Add(WasiCommand.Create());
root.Subcommands.Add(EmscriptenCommand.Create());
root.Subcommands.Add(DeadlinesCommand.Create());
root.Subcommands.Add(SnapshotsCommand.Create());
root.Subcommands.Add(RestoreCommand.Create());
root.Subcommands.Add(MutateSnapshotsCommand.Create());
try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (FuzzException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
