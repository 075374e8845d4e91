using Fermata.Emscripten.Tests.Locks;

namespace Fermata.Emscripten.Tests;

/// <summary><c>lock FOLDER</c> is the other process of tests of locks.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [LockingChild.Command, var folder])
            return 2;
        await LockingChild.RunAsync(folder);
        return 0;
    }
}
