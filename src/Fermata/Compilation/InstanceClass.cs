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
    /// <summary>The name of the class.</summary>
    public const string Name = "Instance";

    private const int MaxFields = 1_000;
    private const string TypePrefix = "Type";

    /// <summary>The kinds of things of an instance that have fields; of functions only the imported ones have.</summary>
    private static readonly ExternKind[] Kinds = [ExternKind.Memory, ExternKind.Table, ExternKind.Global, ExternKind.Tag, ExternKind.Func];

    /// <summary>By the number of the kind.</summary>
    private readonly FieldInfo[][] _fields = new FieldInfo[Kinds.Length][];

    /// <summary>The fields for types, and what they are set to.</summary>
    private readonly FieldInfo?[] _typeIds;
    private readonly object[] _typeValues;
    private ConstructorInfo? _constructor;

    /// <param name="type">The class.</param>
    /// <param name="module">The module that it was defined for.</param>
    /// <param name="types">The types of the module.</param>
    public InstanceClass(Type type, ModuleDefinition module, ModuleTypes types)
    {
        Type = type;

        // All at once: asking for each by its name takes a time that grows with the square of their number.
        var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly).ToDictionary(field => field.Name);
        foreach (var kind in Kinds)
        {
            var ofKind = _fields[(int)kind] = new FieldInfo[CountOf(module, kind)];
            for (var i = 0; i < ofKind.Length; i++)
                ofKind[i] = fields[FieldName(kind, i)];
        }

        _typeIds = new FieldInfo?[Math.Min(types.Types.Length, MaxFields)];
        _typeValues = new object[_typeIds.Length];
        for (var i = 0; i < _typeIds.Length; i++)
            (_typeIds[i], _typeValues[i]) = (fields.GetValueOrDefault(TypeFieldName(i)), types.Types[i].Id);
    }

    /// <summary>Makes the class for a module.</summary>
    /// <param name="assembly">Where it goes.</param>
    /// <param name="module">The module.</param>
    /// <param name="types">The types of the module.</param>
    /// <param name="bindsFields">Whether the class is to have code that sets its fields, so that reflection is not needed.</param>
    public static InstanceClass Define(ModuleBuilder assembly, ModuleDefinition module, ModuleTypes types, bool bindsFields = false)
    {
        var builder = assembly.DefineType(Name, TypeAttributes.Public | TypeAttributes.Sealed, typeof(Instance));
        builder.DefineDefaultConstructor(MethodAttributes.Public);
        var things = new FieldBuilder[Kinds.Length][];
        foreach (var kind in Kinds)
        {
            var fields = things[(int)kind] = new FieldBuilder[CountOf(module, kind)];
            for (var i = 0; i < fields.Length; i++)
                fields[i] = builder.DefineField(FieldName(kind, i), TypeOf(kind), FieldAttributes.Public);
        }

        var typeIds = new FieldBuilder?[Math.Min(types.Types.Length, MaxFields)];
        for (var i = 0; i < typeIds.Length; i++)
            typeIds[i] = types.Types[i].Func is null ? null : builder.DefineField(TypeFieldName(i), typeof(int), FieldAttributes.Public);
        if (bindsFields)
            InstanceBinding.Emit(builder, things, typeIds);

        return new InstanceClass(builder.CreateType(), module, types);
    }

    /// <summary>The class.</summary>
    public Type Type { get; }

    /// <summary>Sets the field for a thing of an instance, if it has one.</summary>
    public static void Bind(Instance instance, ExternKind kind, int index, object value)
    {
        if (index < MaxFields && !instance.Bind(kind, index, value))
            instance.GetType().GetField(FieldName(kind, index))!.SetValue(instance, value);
    }

    /// <summary>A new object of the class, with only the identities of function types set.</summary>
    public Instance CreateInstance()
    {
        var instance = (Instance)(_constructor ??= Type.GetConstructor(Type.EmptyTypes)!).Invoke(null);
        for (var i = 0; i < _typeIds.Length; i++)
            _typeIds[i]?.SetValue(instance, _typeValues[i]);
        return instance;
    }

    /// <summary>Sets the fields for the identities of function types of an instance whose class has code for it.</summary>
    public static void BindTypes(Instance instance, ModuleTypes types)
    {
        for (var i = 0; i < Math.Min(types.Types.Length, MaxFields); i++)
        {
            if (types.Types[i].Func is not null)
                instance.BindType(i, types.Types[i].Id);
        }
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

    /// <summary>Replaces the instance on the IL stack by a thing of it.</summary>
    public void EmitLoad(ILGenerator il, ExternKind kind, int index)
    {
        if (index < _fields[(int)kind].Length)
        {
            il.Emit(OpCodes.Ldfld, _fields[(int)kind][index]);
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

    private static Type TypeOf(ExternKind kind) => kind switch
    {
        ExternKind.Memory => typeof(Memory),
        ExternKind.Table => typeof(Table),
        ExternKind.Global => typeof(Global),
        ExternKind.Tag => typeof(Tag),
        _ => typeof(Function),
    };

    /// <summary>How many things of a kind have a field.</summary>
    private static int CountOf(ModuleDefinition module, ExternKind kind) => Math.Min(MaxFields, kind switch
    {
        ExternKind.Memory => module.Memories.Count,
        ExternKind.Table => module.Tables.Count,
        ExternKind.Global => module.Globals.Count,
        ExternKind.Tag => module.Tags.Count,
        _ => module.ImportedFunctionCount,
    });

    private static string FieldName(ExternKind kind, int index) => TypeOf(kind).Name + index.ToString(CultureInfo.InvariantCulture);

    private static string TypeFieldName(int index) => TypePrefix + index.ToString(CultureInfo.InvariantCulture);
}
