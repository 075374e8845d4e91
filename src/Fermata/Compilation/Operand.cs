using Fermata.Structure;

namespace Fermata.Compilation;

internal enum OperandKind : byte
{
    Constant,
    Null,
    Variable,
    Operation,
}

/// <summary>
/// A value on the operand stack that is not emitted yet: a constant, a variable, or an operation without effect on other operands.
/// So expressions become trees, which the JIT compiles better than a stack machine's stores and loads.
/// </summary>
internal sealed class Operand
{
    /// <summary>The largest tree; beyond it a value gets a variable. Bounds the recursion here and in the JIT.</summary>
    public const int MaxSize = 24;

    public required OperandKind Kind { get; init; }

    /// <summary>The type. Of a reference, as much as is known: <c>externref</c> stands for nothing, not even the hierarchy.</summary>
    public required ValType Type { get; init; }

    /// <summary>A constant; of a vector the low half. For an operation on a lane, the lane.</summary>
    public ulong Bits { get; init; }

    /// <summary>The high half of a vector.</summary>
    public ulong HighBits { get; init; }

    public Variable? Variable { get; init; }

    public Opcode Opcode { get; init; }

    public Operand? Left { get; init; }

    public Operand? Right { get; init; }

    public Operand? Third { get; init; }

    public int Size { get; init; } = 1;

    /// <summary>An operation.</summary>
    public static Operand Of(Opcode opcode, ValType type, Operand left, Operand? right) =>
        new() { Kind = OperandKind.Operation, Type = type, Opcode = opcode, Left = left, Right = right, Size = 1 + left.Size + (right?.Size ?? 0) };

    public static Operand Of(Variable variable, ValType type) => new() { Kind = OperandKind.Variable, Type = type, Variable = variable };

    /// <summary>Whether this is a reference that cannot be null.</summary>
    public bool IsNonNull => Type.IsRef && !Type.IsNullable;

    public bool IsConstant => Kind is OperandKind.Constant or OperandKind.Null;

    /// <summary>The same reference with another type. Operations give no references.</summary>
    public Operand WithType(ValType type) => new() { Kind = Kind, Type = type, Variable = Variable };

    public bool Reads(Variable variable) =>
        Variable == variable || (Left is not null && Left.Reads(variable)) || (Right is not null && Right.Reads(variable))
        || (Third is not null && Third.Reads(variable));

    /// <summary>Adds the variables that the operand reads to those that are live at a call site.</summary>
    public void AddVariables(List<Variable> live, int site)
    {
        if (Variable is not null && Variable.Site != site)
        {
            Variable.Site = site;
            live.Add(Variable);
        }

        Left?.AddVariables(live, site);
        Right?.AddVariables(live, site);
        Third?.AddVariables(live, site);
    }
}
