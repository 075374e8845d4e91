using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Text;

/// <summary>Prints types (section 6.4 "Types").</summary>
internal sealed class TypePrinter(ModuleDefinition module, PrintedNames names, TextBuffer to)
{
    public void Append(HeapType type) => to.Append(type.IsDefined ? Reference(type.Number) : type.ToString());

    public void Append(ValType type)
    {
        if (type is not { IsRef: true, Heap.IsDefined: true })
        {
            to.Append(type.ToString());
            return;
        }

        to.Append(type.IsNullable ? "(ref null " : "(ref ");
        Append(type.Heap);
        to.Append(')');
    }

    /// <summary>A type use with the parameters and results of the function type (section 6.4.15 "Type Uses").</summary>
    /// <param name="typeIndex">The type.</param>
    /// <param name="locals">The names of the parameters.</param>
    public void AppendTypeUse(int typeIndex, Identifiers locals)
    {
        AppendTypeUse(typeIndex);
        AppendSignature((FuncType)module.Types[typeIndex].Composite, locals);
    }

    public void AppendTypeUse(int typeIndex) => to.Append(" (type ").Append(Reference(typeIndex)).Append(')');

    public void AppendSignature(FuncType type, Identifiers locals)
    {
        AppendVariables("param", type.ParameterArray, locals, 0);
        AppendList("result", type.ResultArray);
    }

    /// <summary>The form <c>(result …)</c>; nothing for no types.</summary>
    public void AppendList(string keyword, ValType[] types) => AppendVariables(keyword, types, Identifiers.None, 0);

    /// <summary>Parameters or locals: one form for each that has a name, one form for neighbours without.</summary>
    /// <param name="keyword">The keyword of the forms.</param>
    /// <param name="types">The types.</param>
    /// <param name="locals">The names.</param>
    /// <param name="first">The index of the first.</param>
    public void AppendVariables(string keyword, IEnumerable<ValType> types, Identifiers locals, int first)
    {
        var index = first;
        var isOpen = false;
        foreach (var type in types)
        {
            var isNamed = locals.HasName(index);
            if (isOpen && isNamed)
            {
                to.Append(')');
                isOpen = false;
            }

            if (!isOpen)
                to.Append(" (").Append(keyword);
            if (isNamed)
                locals.AppendName(to, index);
            to.Append(' ');
            Append(type);
            if (isNamed)
                to.Append(')');
            isOpen = !isNamed;
            index++;
        }

        if (isOpen)
            to.Append(')');
    }

    /// <summary>A definition: the composite type, in <c>(sub …)</c> where it is not final or has supertypes.</summary>
    public void Append(SubType type, int index)
    {
        var isSub = !type.IsFinal || type.Supertypes.Length > 0;
        if (isSub)
        {
            to.Append(type.IsFinal ? "(sub final " : "(sub ");
            foreach (var supertype in type.Supertypes)
                to.Append(Reference(supertype)).Append(' ');
        }

        Append(type.Composite, index);
        if (isSub)
            to.Append(')');
    }

    public void Append(TableType type)
    {
        AppendLimits(type.Limits, type.Is64);
        to.Append(' ');
        Append(type.Element);
    }

    public void Append(MemoryType type)
    {
        AppendLimits(type.Limits, type.Is64);
        if (type.IsShared)
            to.Append(" shared");
    }

    public void Append(GlobalType type)
    {
        to.Append(type.IsMutable ? " (mut " : " ");
        Append(type.Type);
        if (type.IsMutable)
            to.Append(')');
    }

    /// <summary>A block type: nothing, a result, or a type use with its parameters and results.</summary>
    public void Append(BlockType type)
    {
        if (type.Kind == BlockTypeKind.Result)
            AppendList("result", [type.Result]);
        else if (type.Kind == BlockTypeKind.Type)
            AppendTypeUse(type.TypeIndex, Identifiers.None);
    }

    private string Reference(int type) => names[NameSubsection.Type].Reference(type);

    private void AppendLimits(Limits limits, bool is64)
    {
        to.Append(is64 ? " i64 " : " ").Append(limits.Min);
        if (limits.Max is { } max)
            to.Append(' ').Append(max);
    }

    private void Append(CompositeType type, int index)
    {
        switch (type)
        {
            case FuncType function:
                to.Append("(func");
                AppendSignature(function, Identifiers.None);
                break;
            case StructType structure:
                to.Append("(struct");
                AppendFields(structure.Fields, names.Fields(index));
                break;
            case ArrayType array:
                to.Append("(array ");
                Append(array.Element);
                break;
        }

        to.Append(')');
    }

    private void AppendFields(FieldType[] fields, Identifiers identifiers)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            to.Append(" (field");
            identifiers.AppendName(to, i);
            to.Append(' ');
            Append(fields[i]);
            to.Append(')');
        }
    }

    private void Append(FieldType field)
    {
        if (field.IsMutable)
            to.Append("(mut ");
        if (field.Packing == Packing.None)
            Append(field.Type);
        else
            to.Append(field.Packing == Packing.I8 ? "i8" : "i16");
        if (field.IsMutable)
            to.Append(')');
    }
}
