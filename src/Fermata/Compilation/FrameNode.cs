using Fermata.Runtime;

namespace Fermata.Compilation;

/// <summary>What frames begin with: a value, behind those of the node above. A frame is a path from the root of the tree down.</summary>
internal sealed class FrameNode
{
    private readonly Variable? _variable;

    private FrameNode(FrameNode? parent, Variable? variable)
    {
        Parent = parent;
        _variable = variable;
        (Numbers, References) = parent is null ? (0, 0) : (parent.Numbers, parent.References);
        if (variable is null)
            return;
        if (variable.Type.IsRef)
            References++;
        else
            Numbers += SlotLayout.NumbersOf(variable.Type);
    }

    /// <summary>The values before; null at the root, which has no value.</summary>
    public FrameNode? Parent { get; }

    public Variable Variable => _variable!;

    /// <summary>How many numbers there are, with this value.</summary>
    public int Numbers { get; }

    /// <summary>How many references there are, with this value.</summary>
    public int References { get; }

    /// <summary>Where the value is among the numbers, or among the references if it is one.</summary>
    public int Place => Variable.Type.IsRef ? Parent!.References : Parent!.Numbers;

    /// <summary>The types of what the references are now, in their order.</summary>
    public ValType[] ReferenceTypes()
    {
        if (References == 0)
            return [];
        var types = new ValType[References];
        for (var node = this; node.Parent is { } parent; node = parent)
        {
            if (node.Variable.Type.IsRef)
                types[node.Place] = node.Variable.Holds;
        }

        return types;
    }

    public static FrameNode NewRoot() => new(null, null);

    /// <summary>A new node below.</summary>
    public FrameNode Append(Variable variable) => new(this, variable);
}
