using System.Runtime.Intrinsics;

namespace Fermata.Runtime;

/// <summary>The value of a mutable global at one time.</summary>
/// <param name="IsMutable">Whether it is one. The value of another follows from the imports of its instance.</param>
/// <param name="Bits">A number.</param>
/// <param name="Vector">A vector.</param>
/// <param name="Reference">A reference, as images have it.</param>
internal readonly record struct GlobalImage(bool IsMutable, ulong Bits, Vector128<byte> Vector, object? Reference)
{
    public static GlobalImage Of(Global global, ImageReferences references) => global.Type.IsMutable
        ? new GlobalImage(true, global.Bits, global.Vector, references.Save(global.Reference, global.Type.Type, () => "a global"))
        : default;

    public void Restore(Global global, ImageReferences references)
    {
        if (!IsMutable)
            return;
        if (global.Type.Type.IsRef)
            global.Restore(references.Load(Reference));
        (global.Bits, global.Vector) = (Bits, Vector);
    }
}
