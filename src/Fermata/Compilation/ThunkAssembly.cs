using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata.Compilation;

/// <summary>The small methods between .NET and WebAssembly that depend only on types, shared by all modules of an engine.</summary>
/// <param name="accessed">The names of assemblies whose internal types and members the methods use.</param>
internal sealed class ThunkAssembly(params string[] accessed)
{
    private readonly AssemblySeries _assemblies = new("Fermata.Thunks", accessed);
    private readonly Dictionary<int, nint> _entries = [];
    private readonly List<Type> _types = [];
    private readonly Lock _lock = new();

    /// <summary>
    /// The address of a method that calls a function of this type with the arguments in the context's slots and leaves the results there:
    /// <c>void Enter(Function, StoreContext)</c>.
    /// </summary>
    public nint Entry(DefinedType type)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(type.Id, out var entry))
            {
                var method = DefineMethod($"Enter{type.Id}", typeof(void), [typeof(Function), typeof(StoreContext)], il => EmitEntry(il, type.Func!));
                RuntimeHelpers.PrepareMethod(method.MethodHandle);
                _entries.Add(type.Id, entry = method.MethodHandle.GetFunctionPointer());
            }

            return entry;
        }
    }

    /// <summary>Makes a static method. The caller holds no lock; the method lives as long as the engine.</summary>
    public nint Define(string name, Type result, Type[] parameters, Action<ILGenerator> emit) =>
        DefineMethod(name, result, parameters, emit).MethodHandle.GetFunctionPointer();

    /// <inheritdoc cref="Define"/>
    public MethodInfo DefineMethod(string name, Type result, Type[] parameters, Action<ILGenerator> emit)
    {
        lock (_lock)
        {
            var builder = _assemblies.DefineCodeClass($"Thunk{_types.Count}");
            var method = builder.DefineMethod(name, MethodAttributes.Public | MethodAttributes.Static, result, parameters);
            emit(method.GetILGenerator());
            var type = builder.CreateType();
            _types.Add(type);
            return type.GetMethod(name)!;
        }
    }

    private static void EmitEntry(ILGenerator il, FuncType type)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, ContextMembers.Environment);
        var parameters = type.ParameterArray;
        var slots = SlotLayout.Of(parameters);
        for (var i = 0; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldarg_1);
            ContextMembers.EmitSlotAddress(il, parameters[i], slots[i]);
            ClrTypes.EmitLoadIndirect(il, parameters[i]);
        }

        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, ContextMembers.Code);
        var result = ClrTypes.ResultOf(type);
        var end = il.DefineLabel();
        il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, result, [typeof(object), .. ClrTypes.ParametersOf(type)], null);
        if (result != typeof(void))
        {
            var local = il.DeclareLocal(result);
            il.Emit(OpCodes.Stloc, local);
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldfld, ContextMembers.Suspension);
            il.Emit(OpCodes.Brtrue, end);
            il.Emit(OpCodes.Ldarg_1);
            ContextMembers.EmitSlotAddress(il, type.ResultArray[0], 0);
            il.Emit(OpCodes.Ldloc, local);
            ClrTypes.EmitStoreIndirect(il, type.ResultArray[0]);
        }

        il.MarkLabel(end);
        il.Emit(OpCodes.Ret);
    }
}
