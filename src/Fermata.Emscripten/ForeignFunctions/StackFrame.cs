using System.Globalization;

namespace Fermata.Emscripten.ForeignFunctions;

/// <summary>What a function keeps on the C stack, in the making. It begins at the local <c>$frame</c>, a multiple of 16.</summary>
internal sealed class StackFrame
{
    private const int Alignment = 16;

    private int _size;

    /// <summary>Makes room for a value.</summary>
    /// <returns>Where it is in the frame.</returns>
    public int Allocate(int size, int alignment)
    {
        var multiple = Math.Min(alignment, Alignment);
        var offset = (_size + multiple - 1) & -multiple;
        _size = offset + size;
        return offset;
    }

    /// <summary>The instructions that make the frame.</summary>
    public string Enter() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        (local.set $frame (i32.and (i32.sub (local.tee $stack (call $stackSave)) (i32.const {_size})) (i32.const {-Alignment})))
        (call $stackRestore (local.get $frame))
        """);

    /// <summary>The instruction that ends it.</summary>
    public static string Leave() => "(call $stackRestore (local.get $stack))";

    /// <summary>The address of what is in the frame.</summary>
    public static string Address(int offset) => string.Create(CultureInfo.InvariantCulture, $"(i32.add (local.get $frame) (i32.const {offset}))");
}
