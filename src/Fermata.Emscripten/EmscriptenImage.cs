using Fermata.Emscripten.DynamicLinking;

namespace Fermata.Emscripten;

/// <summary>
/// What a program has at one time, for others of the same program to begin with (<see cref="EmscriptenProgram.StartAsync(EmscriptenHost, EmscriptenImage, StoreOptions?, Func{object, object?}?, CancellationToken)"/>):
/// all that its own code has set up by then. Files, streams, environment and arguments are those of the host that starts it: what the program has read of others by then, it still has.
/// </summary>
public sealed class EmscriptenImage : IDisposable
{
    private readonly string _workingDirectory;
    private readonly int _fileModeMask, _keepAlive;

    internal EmscriptenImage(InstanceImage instance, EmscriptenContext context)
    {
        Instance = instance;
        Links = context.Functions is null ? null : context.Libraries!.Capture();
        (_workingDirectory, _fileModeMask, _keepAlive) = (context.WorkingDirectory, context.FileModeMask, context.KeepAlive);
    }

    /// <summary>What its code has.</summary>
    internal InstanceImage Instance { get; }

    /// <summary>What it has linked; null if nothing can be.</summary>
    internal LinkImage? Links { get; }

    /// <summary>Frees what no program uses.</summary>
    public void Dispose() => Instance.Dispose();

    /// <summary>Tells a program that begins with the image what the other one had set.</summary>
    internal void Restore(EmscriptenContext context) =>
        (context.WorkingDirectory, context.FileModeMask, context.KeepAlive) = (_workingDirectory, _fileModeMask, _keepAlive);
}
