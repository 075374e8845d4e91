using System.Reflection.Emit;
using Fermata.Compilation;
using Fermata.Runtime;

namespace Fermata.Hosting;

/// <summary>The code of each <see cref="TypeThunk"/>.</summary>
internal static class TypeThunks
{
    /// <summary>How many there are for a type.</summary>
    public static readonly int Count = Enum.GetValues<TypeThunk>().Length;

    /// <summary>All for a type, in order.</summary>
    public static MethodTemplate[] AllOf(FuncType type) => Array.ConvertAll(Enum.GetValues<TypeThunk>(), kind => Of(kind, type));

    /// <summary>One for a type.</summary>
    public static MethodTemplate Of(TypeThunk kind, FuncType type) => kind switch
    {
        TypeThunk.Entry => new("Enter", typeof(void), [typeof(Function), typeof(StoreContext)], il => EntryEmission.Emit(il, type)),
        TypeThunk.Binding => CalledAsFunction("Bind", type, il => EntryEmission.EmitBinding(il, type)),
        TypeThunk.Trap => CalledAsFunction("Trap", type, MissingFunction.EmitCall),
        _ => CalledAsFunction("CallHost", type, il => UntypedThunkEmitter.EmitCall(il, type, isAsync: kind == TypeThunk.UntypedAsyncCall)),
    };

    /// <summary>What generated code calls as a function of the type.</summary>
    public static MethodTemplate CalledAsFunction(string name, FuncType type, Action<ILGenerator> emit) =>
        new(name, ClrTypes.ResultOf(type), [typeof(object), .. ClrTypes.ParametersOf(type)], emit);
}
