using System.Reflection;
using System.Reflection.Emit;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>The class that is derived from <see cref="Instance"/> for a module: a field for each thing that its code reaches.</summary>
internal sealed class InstanceClass
{
    private const FieldAttributes Access = FieldAttributes.Public;

    public InstanceClass(ModuleBuilder assembly, ModuleDefinition module)
    {
        Builder = assembly.DefineType("Instance", TypeAttributes.Public | TypeAttributes.Sealed, typeof(Instance));
        Builder.DefineDefaultConstructor(MethodAttributes.Public);
        Memories = DefineFields("memory", typeof(Memory), module.Memories.Count);
        Tables = DefineFields("table", typeof(Table), module.Tables.Count);
        Globals = DefineFields("global", typeof(Global), module.Globals.Count);
        Tags = DefineFields("tag", typeof(Tag), module.Tags.Count);
        ImportedFunctions = DefineFields("function", typeof(Function), module.ImportedFunctionCount);
    }

    public TypeBuilder Builder { get; }

    public FieldBuilder[] Memories { get; }

    public FieldBuilder[] Tables { get; }

    public FieldBuilder[] Globals { get; }

    public FieldBuilder[] Tags { get; }

    public FieldBuilder[] ImportedFunctions { get; }

    /// <summary>The name of the field for a thing.</summary>
    public static string FieldName(ExternKind kind, int index) => kind switch
    {
        ExternKind.Memory => $"memory{index}",
        ExternKind.Table => $"table{index}",
        ExternKind.Global => $"global{index}",
        ExternKind.Tag => $"tag{index}",
        _ => $"function{index}",
    };

    private FieldBuilder[] DefineFields(string prefix, Type type, int count)
    {
        var fields = new FieldBuilder[count];
        for (var i = 0; i < count; i++)
            fields[i] = Builder.DefineField(prefix + i, type, Access);
        return fields;
    }
}
