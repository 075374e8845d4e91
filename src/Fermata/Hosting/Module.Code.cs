using Fermata.Compilation;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata;

public sealed partial class Module
{
    private readonly Lock _compiling = new();
    private ModuleCode? _checkedCode;

    /// <summary>The code of an instance with these memories: code that checks bounds itself is made when a memory first has no guard pages.</summary>
    internal ModuleCode CodeFor(Memory[] memories)
    {
        if (!Code.NeedsGuards || Array.TrueForAll(memories, memory => memory.Is64 || memory.IsGuarded))
            return Code;
        lock (_compiling)
        {
            if (_checkedCode is null)
            {
                _checkedCode = ModuleCompiler.Compile(Engine, Definition, Types, new LoadBudget(), hasGuards: false);
                _checkedCode.Module = this;
            }

            return _checkedCode;
        }
    }
}
