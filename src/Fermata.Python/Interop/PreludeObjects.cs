namespace Fermata.Python.Interop;

/// <summary>What .NET uses of <see cref="HelperModules"/>, and of what these import.</summary>
internal sealed class PreludeObjects
{
    public PreludeObjects(Interpreter python)
    {
        using var module = python.Import(Prelude.Name);
        (Waiting, Cancellable, Cancel, WhenCancelled) = (module.GetAttribute("waiting"), module.GetAttribute("cancellable"), module.GetAttribute("cancel"), module.GetAttribute("when_cancelled"));
        MainProgram = python.Import(Interop.MainProgram.Module);
        Resume = module.GetAttribute("resume");
        (Call, CurrentTask, CancelledError) = (module.GetAttribute("call"), module.GetAttribute("current_task"), module.GetAttribute("CancelledError"));
    }

    public PythonObject Waiting { get; }

    public PythonObject Cancellable { get; }

    public PythonObject Cancel { get; }

    public PythonObject WhenCancelled { get; }

    public PythonObject Resume { get; }

    /// <summary>The module <see cref="Interop.MainProgram"/>.</summary>
    public PythonObject MainProgram { get; }

    public PythonObject Call { get; }

    public PythonObject CurrentTask { get; }

    public PythonObject CancelledError { get; }
}
