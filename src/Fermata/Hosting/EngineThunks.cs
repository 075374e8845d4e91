using System.Runtime.CompilerServices;
using Fermata.Compilation;
using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata.Hosting;

/// <summary>The code between .NET and WebAssembly that all modules of an engine share. That for a function type goes with the type.</summary>
internal sealed class EngineThunks : EngineCode
{
    private readonly ThunkAssemblies _assemblies = new();
    private readonly ConditionalWeakTable<DefinedType, FunctionThunks> _byType = [];

    /// <summary>The code for a function type, which lives as long as the type.</summary>
    public FunctionThunks For(DefinedType type) => _byType.GetValue(type, type => new FunctionThunks(type.Func!, _assemblies));

    /// <summary>Has code taken from an assembly with code of a module.</summary>
    public void Provide(ModuleTypes types, CodeImage image)
    {
        for (var row = 0; row < image.Table.ThunkTypes.Length; row++)
        {
            var first = row * TypeThunks.Count;
            For(types.Types[image.Table.ThunkTypes[row]]).Provide(kind => image.AddressOfThunk(first + (int)kind));
        }
    }

    public override nint Entry(DefinedType type) => For(type).AddressOf(TypeThunk.Entry);

    public override nint Binding(DefinedType type) => For(type).AddressOf(TypeThunk.Binding);

    public override Function? Cast(Instance caller, DefinedType expected, Function found) =>
        caller.Module.CastTo(expected, found.DefinedType) is { } module
            ? Instantiation.OfCast(caller.Store, module, found).FunctionAt(CastModule.FunctionIndex)
            : null;
}
