using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>Emits the methods of an instance class that set its fields, for assemblies that are to run without reflection.</summary>
internal static class InstanceBinding
{
    /// <param name="type">The class.</param>
    /// <param name="things">The fields for things of an instance, by the number of their kind.</param>
    /// <param name="typeIds">The fields for identities of function types; null for types that have none.</param>
    public static void Emit(TypeBuilder type, FieldBuilder[][] things, FieldBuilder?[] typeIds)
    {
        EmitBind(Overriding.Define(type, typeof(Instance), nameof(Instance.Bind)).GetILGenerator(), things);
        var il = Overriding.Define(type, typeof(Instance), nameof(Instance.BindType)).GetILGenerator();
        il.Emit(OpCodes.Ldarg_1);
        EmitStores(il, typeIds, OpCodes.Ldarg_2, () => il.Emit(OpCodes.Ret));
        il.Emit(OpCodes.Ret);
    }

    private static void EmitBind(ILGenerator il, FieldBuilder[][] things)
    {
        for (var kind = 0; kind < things.Length; kind++)
        {
            var other = il.DefineLabel();
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I4, kind);
            il.Emit(OpCodes.Bne_Un, other);
            il.Emit(OpCodes.Ldarg_2);
            EmitStores(il, things[kind], OpCodes.Ldarg_3, ReturnTrue);
            ReturnTrue();
            il.MarkLabel(other);
        }

        ReturnTrue();

        void ReturnTrue()
        {
            il.Emit(OpCodes.Ldc_I4_1);
            il.Emit(OpCodes.Ret);
        }
    }

    /// <summary>Takes an index from the IL stack, and stores a value in the field with that index; where there is none, goes on behind.</summary>
    private static void EmitStores(ILGenerator il, FieldBuilder?[] fields, OpCode loadValue, Action emitReturn)
    {
        if (fields.Length == 0)
        {
            il.Emit(OpCodes.Pop);
            return;
        }

        var end = il.DefineLabel();
        var labels = Array.ConvertAll(fields, field => field is null ? end : il.DefineLabel());
        il.Emit(OpCodes.Switch, labels);
        il.Emit(OpCodes.Br, end);
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i] is not { } field)
                continue;
            il.MarkLabel(labels[i]);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(loadValue);
            if (!field.FieldType.IsValueType)
                il.Emit(OpCodes.Castclass, field.FieldType);
            il.Emit(OpCodes.Stfld, field);
            emitReturn();
        }

        il.MarkLabel(end);
    }
}
