namespace Fermata.Samples;

/// <summary>The part of WASI preview 1 that printf needs.</summary>
public sealed class PrintingWasi(SampleConsole console)
{
    private const int Success = 0;
    private const int NotSeekable = 70;
    private const int FileStatusSize = 24;
    private const byte CharacterDevice = 2;

    public void DefineIn(Linker linker)
    {
        linker.Define("wasi_snapshot_preview1", "fd_write", (Caller caller, int file, int vectors, int count, int written) =>
        {
            var memory = caller.Memory;
            var total = 0;
            for (var vector = vectors; vector < vectors + 8 * count; vector += 8)
            {
                var (address, length) = (memory.Read<int>(vector), memory.Read<int>(vector + 4));
                console.Write(memory.ReadUtf8(address, length));
                total += length;
            }

            memory.Write(written, total);
            return Success;
        });

        // A terminal: the library writes each line when it ends.
        linker.Define("wasi_snapshot_preview1", "fd_fdstat_get", (Caller caller, int file, int status) =>
        {
            caller.Memory.GetSpan(status, FileStatusSize).Clear();
            caller.Memory.Write(status, CharacterDevice);
            return Success;
        });
        linker.Define("wasi_snapshot_preview1", "fd_seek", (int file, long offset, int origin, int position) => NotSeekable);
        linker.Define("wasi_snapshot_preview1", "fd_close", (int file) => Success);
        linker.Define("wasi_snapshot_preview1", "proc_exit", void (int code) => throw new WasmExitException(code));
    }
}
