using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>Where code stores the values of a frame.</summary>
/// <param name="Numbers">The address of the first number.</param>
/// <param name="References">The address of the first reference.</param>
internal readonly record struct FramePlace(LocalBuilder Numbers, LocalBuilder References)
{
    /// <summary>New locals for the addresses.</summary>
    public static FramePlace Declare(Func<Type, LocalBuilder> declare) =>
        new(declare(typeof(ulong).MakeByRefType()), declare(typeof(object).MakeByRefType()));
}
