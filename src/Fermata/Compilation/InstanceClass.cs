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

    private readonly Dictionary<ExternKind, FieldInfo[]> _fields;
    private readonly FieldInfo?[] _typeIds;

    /// <summary>The fields for types, and what they are set to.</summary>
    private readonly (FieldInfo Field, object Id)[] _typeValues;
    private ConstructorInfo? _constructor;

    /// <param name="type">The class.</param>
    /// <param name="module">The module that it was defined for.</param>
    /// <param name="types">The types of the module.</param>
    public InstanceClass(Type type, ModuleDefinition module, ModuleTypes types)
    {
        Type = type;

        // All at once: asking for each by its name takes a time that grows with the square of their number.
        var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly).ToDictionary(field => field.Name);
        _fields = ThingsOf(module).ToDictionary(thing => thing.Kind, FieldInfo[] (thing) => [.. WithField(thing.Count).Select(i => fields[FieldName(thing.Kind, i)])]);
        _typeIds = [.. WithField(types.Types.Length).Select(i => fields.GetValueOrDefault(TypeFieldName(i)))];
        _typeValues = [.. from i in WithField(types.Types.Length) where _typeIds[i] is not null select (_typeIds[i]!, (object)types.Types[i].Id)];
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
        var things = new Dictionary<ExternKind, FieldBuilder[]>();
        foreach (var (kind, type, count) in ThingsOf(module))
            things.Add(kind, [.. WithField(count).Select(i => builder.DefineField(FieldName(kind, i), type, FieldAttributes.Public))]);
        FieldBuilder?[] typeIds =
            [.. WithField(types.Types.Length).Select(i => types.Types[i].Func is null ? null : builder.DefineField(TypeFieldName(i), typeof(int), FieldAttributes.Public))];
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
        foreach (var (field, id) in _typeValues)
            field.SetValue(instance, id);
        return instance;
    }

    /// <summary>Sets the fields for the identities of function types of an instance whose class has code for it.</summary>
    public static void BindTypes(Instance instance, ModuleTypes types)
    {
        foreach (var i in WithField(types.Types.Length))
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
        if (index < _fields[kind].Length)
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

    /// <summary>The things of an instance that have fields; of functions only the imported ones.</summary>
    private static (ExternKind Kind, Type Type, int Count)[] ThingsOf(ModuleDefinition module) =>
    [
        (ExternKind.Memory, typeof(Memory), module.Memories.Count),
        (ExternKind.Table, typeof(Table), module.Tables.Count),
        (ExternKind.Global, typeof(Global), module.Globals.Count),
        (ExternKind.Tag, typeof(Tag), module.Tags.Count),
        (ExternKind.Func, typeof(Function), module.ImportedFunctionCount),
    ];

    /// <summary>Which of so many things or types have a field.</summary>
    private static IEnumerable<int> WithField(int count) => Enumerable.Range(0, Math.Min(count, MaxFields));

    private static string FieldName(ExternKind kind, int index) => kind.ToString() + index.ToString(CultureInfo.InvariantCulture);

    private static string TypeFieldName(int index) => TypePrefix + index.ToString(CultureInfo.InvariantCulture);
}
