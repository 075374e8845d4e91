using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using Fermata.Binary;
using Fermata.Validation;

namespace Fermata.Compilation;

/// <summary>The class that is derived from <see cref="Instance"/> for a module: a field for each thing, and for each function type, that its code reaches.</summary>
/// <remarks>.NET takes long over classes with very many fields, so there is a limit to them; what lies beyond is loaded from the instance's arrays.</remarks>
internal sealed class InstanceClass
{
    private const int MaxFields = 1_000;
    private const string TypePrefix = "Type";

    private readonly Dictionary<ExternKind, FieldBuilder[]> _fields;
    private readonly DefinedType[] _types;
    private readonly FieldBuilder?[] _typeIds;

    /// <summary>The fields for types in the class that was made, and what they are set to.</summary>
    private (FieldInfo Field, object Id)[]? _typeValues;

    public InstanceClass(ModuleBuilder assembly, ModuleDefinition module, ModuleTypes types)
    {
        Builder = assembly.DefineType("Instance", TypeAttributes.Public | TypeAttributes.Sealed, typeof(Instance));
        Builder.DefineDefaultConstructor(MethodAttributes.Public);
        _fields = new Dictionary<ExternKind, FieldBuilder[]>
        {
            [ExternKind.Memory] = DefineFields(ExternKind.Memory, typeof(Memory), module.Memories.Count),
            [ExternKind.Table] = DefineFields(ExternKind.Table, typeof(Table), module.Tables.Count),
            [ExternKind.Global] = DefineFields(ExternKind.Global, typeof(Global), module.Globals.Count),
            [ExternKind.Tag] = DefineFields(ExternKind.Tag, typeof(Tag), module.Tags.Count),
            [ExternKind.Func] = DefineFields(ExternKind.Func, typeof(Function), module.ImportedFunctionCount),
        };
        _types = types.Types;
        _typeIds = DefineTypeFields();
    }

    public TypeBuilder Builder { get; }

    /// <summary>Sets the field for a thing of an instance, if it has one.</summary>
    public static void Bind(Instance instance, ExternKind kind, int index, object value)
    {
        if (index < MaxFields)
            instance.GetType().GetField(FieldName(kind, index))!.SetValue(instance, value);
    }

    /// <summary>Sets the fields for the identities of function types.</summary>
    public void BindTypes(Instance instance)
    {
        foreach (var (field, id) in _typeValues ??= FindTypeValues(instance.GetType()))
            field.SetValue(instance, id);
    }

    /// <summary>Replaces the instance on the IL stack by the identity of a function type, which is another in each engine.</summary>
    public void EmitLoadTypeId(ILGenerator il, int typeIndex)
    {
        if (typeIndex < MaxFields)
        {
            il.Emit(OpCodes.Ldfld, _typeIds[typeIndex]!);
            return;
        }

        il.Emit(OpCodes.Ldc_I4, typeIndex);
        il.Emit(OpCodes.Call, ContextMembers.TypeIdAt);
    }

    /// <summary>Replaces the instance on the IL stack by a thing of it; of functions only imported ones.</summary>
    public void EmitLoad(ILGenerator il, ExternKind kind, int index)
    {
        if (index < MaxFields)
        {
            il.Emit(OpCodes.Ldfld, _fields[kind][index]);
            return;
        }

        if (kind == ExternKind.Func)
        {
            il.Emit(OpCodes.Ldc_I4, index);
            il.Emit(OpCodes.Call, ContextMembers.FunctionAt);
            return;
        }

        il.Emit(OpCodes.Ldfld, ContextMembers.InstanceArray(kind));
        il.Emit(OpCodes.Ldc_I4, index);
        il.Emit(OpCodes.Ldelem_Ref);
    }

    private static string FieldName(ExternKind kind, int index) => kind.ToString() + index.ToString(CultureInfo.InvariantCulture);

    private FieldBuilder?[] DefineTypeFields()
    {
        var fields = new FieldBuilder?[Math.Min(_types.Length, MaxFields)];
        for (var i = 0; i < fields.Length; i++)
        {
            if (_types[i].Func is not null)
                fields[i] = Builder.DefineField(TypePrefix + i.ToString(CultureInfo.InvariantCulture), typeof(int), FieldAttributes.Public);
        }

        return fields;
    }

    /// <summary>Asks for all fields at once: asking for each by its name takes a time that grows with the square of their number.</summary>
    private (FieldInfo Field, object Id)[] FindTypeValues(Type created) =>
    [
        .. from field in created.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
           where field.FieldType == typeof(int)
           select (field, (object)_types[int.Parse(field.Name.AsSpan(TypePrefix.Length), CultureInfo.InvariantCulture)].Id),
    ];

    private FieldBuilder[] DefineFields(ExternKind kind, Type type, int count)
    {
        var fields = new FieldBuilder[Math.Min(count, MaxFields)];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = Builder.DefineField(FieldName(kind, i), type, FieldAttributes.Public);
        return fields;
    }
}
