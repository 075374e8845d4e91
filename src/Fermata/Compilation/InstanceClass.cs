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

    private readonly Dictionary<ExternKind, FieldInfo[]> _fields;
    private readonly FieldInfo?[] _typeIds;
    private readonly DefinedType[] _types;
    private readonly ConstructorInfo _constructor;

    public InstanceClass(ModuleBuilder assembly, ModuleDefinition module, ModuleTypes types)
    {
        var builder = assembly.DefineType("Instance", TypeAttributes.Public | TypeAttributes.Sealed, typeof(Instance));
        builder.DefineDefaultConstructor(MethodAttributes.Public);
        (ExternKind Kind, Type Type, int Count)[] things =
        [
            (ExternKind.Memory, typeof(Memory), module.Memories.Count),
            (ExternKind.Table, typeof(Table), module.Tables.Count),
            (ExternKind.Global, typeof(Global), module.Globals.Count),
            (ExternKind.Tag, typeof(Tag), module.Tags.Count),
            (ExternKind.Func, typeof(Function), module.ImportedFunctionCount),
        ];
        foreach (var (kind, type, count) in things)
        {
            for (var i = 0; i < Math.Min(count, MaxFields); i++)
                builder.DefineField(FieldName(kind, i), type, FieldAttributes.Public);
        }

        for (var i = 0; i < Math.Min(types.Types.Length, MaxFields); i++)
        {
            if (types.Types[i].Func is not null)
                builder.DefineField(TypeFieldName(i), typeof(int), FieldAttributes.Public);
        }

        Type = builder.CreateType();
        _types = types.Types;
        _constructor = Type.GetConstructor(Type.EmptyTypes)!;

        // All at once: asking for each by its name takes a time that grows with the square of their number.
        var fields = Type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly).ToDictionary(field => field.Name);
        _fields = things.ToDictionary(
            thing => thing.Kind, thing => Array.ConvertAll([.. Enumerable.Range(0, Math.Min(thing.Count, MaxFields))], i => fields[FieldName(thing.Kind, i)]));
        _typeIds = Array.ConvertAll([.. Enumerable.Range(0, Math.Min(_types.Length, MaxFields))], i => fields.GetValueOrDefault(TypeFieldName(i)));
    }

    /// <summary>The class.</summary>
    public Type Type { get; }

    /// <summary>Sets the field for a thing of an instance, if it has one.</summary>
    public static void Bind(Instance instance, ExternKind kind, int index, object value)
    {
        if (index < MaxFields)
            instance.GetType().GetField(FieldName(kind, index))!.SetValue(instance, value);
    }

    /// <summary>A new object of the class, with only the identities of function types set.</summary>
    public Instance CreateInstance()
    {
        var instance = (Instance)_constructor.Invoke(null);
        for (var i = 0; i < _typeIds.Length; i++)
            _typeIds[i]?.SetValue(instance, _types[i].Id);
        return instance;
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

    private static string TypeFieldName(int index) => TypePrefix + index.ToString(CultureInfo.InvariantCulture);
}
