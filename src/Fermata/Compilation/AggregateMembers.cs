using System.Reflection;
using Fermata.Runtime;

namespace Fermata.Compilation;

/// <summary>The members of the run-time that generated code uses for structures, arrays and 31-bit integers.</summary>
internal static class AggregateMembers
{
    public static readonly MethodInfo AreEqual = Reference(nameof(ReferenceOperations.AreEqual));
    public static readonly MethodInfo IsEq = Reference(nameof(ReferenceOperations.IsEq));
    public static readonly MethodInfo IsArray = Reference(nameof(ReferenceOperations.IsArray));
    public static readonly MethodInfo IsArrayBelow = Reference(nameof(ReferenceOperations.IsArrayBelow));
    public static readonly MethodInfo GetObjectType = typeof(object).GetMethod(nameof(GetType))!;
    public static readonly MethodInfo NewI31 = typeof(I31).GetMethod(
        nameof(I31.From), BindingFlags.Static | BindingFlags.NonPublic, [typeof(int), typeof(StoreContext)])!;
    public static readonly MethodInfo I31Signed = typeof(I31).GetProperty(nameof(I31.Signed))!.GetMethod!;
    public static readonly MethodInfo I31Unsigned = typeof(I31).GetProperty(nameof(I31.Unsigned))!.GetMethod!;
    public static readonly MethodInfo TypeFromHandle = typeof(Type).GetMethod(nameof(Type.GetTypeFromHandle))!;
    public static readonly MethodInfo NewArray = Array(nameof(ArrayOperations.New));
    public static readonly MethodInfo NewData = Array(nameof(ArrayOperations.NewData));
    public static readonly MethodInfo NewElem = Array(nameof(ArrayOperations.NewElem));
    public static readonly MethodInfo InitData = Array(nameof(ArrayOperations.InitData));
    public static readonly MethodInfo InitElem = Array(nameof(ArrayOperations.InitElem));

    private static readonly MethodInfo Fill = Array(nameof(ArrayOperations.Fill));
    private static readonly MethodInfo Copy = Array(nameof(ArrayOperations.Copy));

    /// <summary><c>array.fill</c> for elements that are stored as the type.</summary>
    public static MethodInfo FillOf(Type storage) => Fill.MakeGenericMethod(storage);

    /// <summary><c>array.copy</c> for elements that are stored as the type.</summary>
    public static MethodInfo CopyOf(Type storage) => Copy.MakeGenericMethod(storage);

    private static MethodInfo Reference(string name) => ContextMembers.Method(typeof(ReferenceOperations), name);

    private static MethodInfo Array(string name) => ContextMembers.Method(typeof(ArrayOperations), name);
}
