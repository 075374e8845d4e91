using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>Where a value of generated code lives: a local or an argument of the .NET method.</summary>
internal sealed class Variable(ValType type, LocalBuilder? local, int argument = -1)
{
    /// <summary>The type of the place. All references share temporaries, whose type is <c>externref</c>.</summary>
    public ValType Type { get; } = type;

    /// <summary>The type of what is in there now: that of the place, or below it in a temporary.</summary>
    public ValType Holds { get; set; } = type;

    /// <summary>How many operands that are not emitted yet read the variable.</summary>
    public int PendingReads { get; set; }

    /// <summary>The last call site that found the variable live, so that it is saved once.</summary>
    public int Site { get; set; } = -1;

    /// <summary>The place of a local in frames, among the locals; those that are no local come after them.</summary>
    public int Rank { get; set; } = int.MaxValue;

    /// <summary>Whether the variable may be used for another value once nothing pending reads it.</summary>
    public bool IsTemporary { get; set; }

    /// <summary>Whether it is a parameter of what is compiled.</summary>
    public bool IsParameter { get; set; }

    /// <summary>Whether it is a local of a function that is inlined, which sets it before it reads it.</summary>
    public bool IsInlined { get; set; }

    /// <summary>Whether the variable may hold what came out of a shift.</summary>
    public bool MayBeShift { get; set; }

    public void EmitLoad(ILGenerator il)
    {
        if (local is not null)
            il.Emit(OpCodes.Ldloc, local);
        else
            il.Emit(OpCodes.Ldarg, (short)argument);
    }

    public void EmitStore(ILGenerator il)
    {
        if (local is not null)
            il.Emit(OpCodes.Stloc, local);
        else
            il.Emit(OpCodes.Starg, (short)argument);
    }
}
