using Fermata.Emscripten.Abi;
using Fermata.Emscripten.Pipes;
using Fermata.Platform;
using Fermata.Wasi;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Functions;

/// <summary>Pipes.</summary>
internal static class PipeFunctions
{
    public static int MakePipe(Caller caller, int result) => MakePipe2(caller, result, 0);

    public static int MakePipe2(Caller caller, int result, int flags)
    {
        if (((FileFlags)flags & ~(FileFlags.Nonblock | FileFlags.CloseOnExec)) != 0)
            return -(int)Errno.EINVAL;
        _ = caller.GetSpan(result, 2 * sizeof(int));
        var descriptors = WasiContext.Of(caller).Descriptors;
        var (pipe, status) = (new Pipe(), Opening.ToStatusFlags((FileFlags)flags));
        var added = descriptors.Add(new PipeReadEnd(pipe, status));
        if (!added.TryGet(out var reading))
            return -(int)added.Error;
        added = descriptors.Add(new PipeWriteEnd(pipe, status));
        if (!added.TryGet(out var writing))
        {
            // Nobody has the pipe, so that there is nothing to close.
            descriptors.Remove(reading, out _);
            return -(int)added.Error;
        }

        caller.Write(result, reading);
        caller.Write((uint)result + sizeof(int), writing);
        return 0;
    }
}
