using Fermata.Execution;

namespace Fermata.Compilation;

/// <summary>A function of a module, in both its forms (DESIGN §2).</summary>
internal sealed class CompiledFunction(CompiledModule module, int index)
{
    private nint _resumeForm;

    /// <summary>The index in the module's function index space.</summary>
    public int Index { get; } = index;

    /// <summary>The calls that may suspend, by number.</summary>
    public CallSite[] Sites { get; set; } = [];

    /// <summary>How much native stack the function may take, in bytes, if that is much; else zero.</summary>
    public nuint LargeFrameBytes { get; set; }

    /// <summary>Continues after a call site with the values of a frame; made when it is first needed.</summary>
    public unsafe delegate*<Instance, StoreContext, ref ulong, ref object?, int, void> ResumeForm =>
        (delegate*<Instance, StoreContext, ref ulong, ref object?, int, void>)(_resumeForm != 0 ? _resumeForm : MakeResumeForm());

    private nint MakeResumeForm()
    {
        lock (module)
        {
            if (_resumeForm == 0)
                Volatile.Write(ref _resumeForm, module.CompileResumeForm(this));
            return _resumeForm;
        }
    }
}
