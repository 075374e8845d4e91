namespace Fermata;

/// <summary>How instructions are written in the text format (section 6.5 "Instructions").</summary>
public enum TextStyle
{
    /// <summary>An instruction stands around its operands, as in <c>(i32.add (local.get 0) (i32.const 1))</c>, where it has them to itself.</summary>
    Folded,

    /// <summary>One instruction on each line, in the order of the binary format.</summary>
    Flat,
}
