using System.Reflection.Emit;
using Fermata.Binary;
using Fermata.Compilation;
using Fermata.Runtime;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Hosting;

/// <summary>Stands for a function that is imported and that nobody has: calling it traps.</summary>
internal sealed class MissingFunction
{
    public static readonly MissingFunction Any = new();

    private MissingFunction()
    {
    }

    /// <summary>The function for one import.</summary>
    /// <param name="instance">The instance that imports it.</param>
    /// <param name="import">Module and field.</param>
    /// <param name="name">What the function is called in messages.</param>
    /// <param name="type">The type that it is imported with.</param>
    public static Function Create(Instance instance, Import import, string name, DefinedType type)
    {
        var store = instance.Store;
        var thunk = new HostThunk(store.Engine.Thunks.For(type).AddressOf(TypeThunk.Trap), null, IsSuspending: false);
        Action trap = () => throw TrapException.Create(
            TrapKind.UnknownImport,
            $"{HostileText.Quoted(import.Module)} {HostileText.Quoted(import.Name)}: the function was called, and nothing is defined under this name");
        return new Function(store, type, thunk.Code, new HostFunction(store, type, thunk, trap, null, name, instance, import.Index));
    }

    /// <summary>The body of <c>R Trap(object host, …)</c>, which only calls the delegate.</summary>
    public static void EmitCall(ILGenerator il)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, ContextMembers.Field(typeof(HostFunction), nameof(HostFunction.Target)));
        il.Emit(OpCodes.Callvirt, typeof(Action).GetMethod(nameof(Action.Invoke))!);
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Throw);
    }
}
