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

    public required ValType Type { get; init; }

    public ulong Bits { get; init; }

    public Variable? Variable { get; init; }

    public Opcode Opcode { get; init; }

    public Operand? Left { get; init; }

    public Operand? Right { get; init; }

    public int Size { get; init; } = 1;

    public bool IsConstant => Kind is OperandKind.Constant or OperandKind.Null;

    public bool Reads(Variable variable) =>
        Variable == variable || (Left is not null && Left.Reads(variable)) || (Right is not null && Right.Reads(variable));

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
    }
}
