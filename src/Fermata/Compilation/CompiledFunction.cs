// Continues after a call site: instance, context, the numbers and the references of the frame, and the site.
global using unsafe ResumeCode = delegate*<Fermata.Instance, Fermata.Execution.StoreContext, ref ulong, ref object?, int, void>;
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

    /// <summary>What continues after a call site with the values of a frame; made when it is first needed.</summary>
    /// <param name="stack">The native stack.</param>
    /// <exception cref="StackExhaustedException">The function takes more than there is.</exception>
    public unsafe ResumeCode PrepareResumeForm(NativeStackRange stack)
    {
        if (LargeFrameBytes > 0 && !stack.HasRoom(LargeFrameBytes))
            Trap.StackExhausted();
        lock (module)
        {
            if (_resumeForm == 0)
                _resumeForm = module.CompileResumeForm(this);
            return (ResumeCode)_resumeForm;
        }
    }
}
