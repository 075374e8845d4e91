using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>
/// The IL of a vector instruction: a call, and what makes <c>Vector128&lt;byte&gt;</c> of other vectors and back, which costs nothing.
/// </summary>
/// <remarks>
/// An instruction without a row is the method of <see cref="VectorOperations"/> that has its name. Methods in rows are known to the JIT.
/// Others it has to inline, and it stops doing so for good in a method with some 900 locals, counting those that inlining makes; in a
/// function with 1,500 vector instructions each would be a call.
/// </remarks>
internal sealed partial class VectorEmission
{
    private const int Prefix = 0xFD;

    private static readonly Type[] Lanes =
    [
        typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(float), typeof(double),
    ];

    private static readonly FrozenDictionary<(Type From, Type To), MethodInfo> Reinterpretations = CreateReinterpretations();

    private static readonly ConcurrentDictionary<(string Name, Type Lane, int Count), MethodInfo> Methods = [];

    private static readonly FrozenDictionary<Opcode, VectorEmission> ByOpcode = CreateTable();

    private readonly MethodInfo _method;
    private readonly MethodInfo? _then;
    private readonly Type[] _parameters;

    private VectorEmission(MethodInfo method, string order, MethodInfo? then)
    {
        _method = method;
        _then = then;
        _parameters = [.. method.GetParameters().Select(parameter => parameter.ParameterType)];
        Order = order;
    }

    /// <summary>A row.</summary>
    /// <param name="Opcode">The instruction.</param>
    /// <param name="Lane">The lanes of the method's first vector, or its first operand if that is a number.</param>
    /// <param name="Method">The name of the method.</param>
    /// <param name="Order">The method's arguments: a, b and c the operands of the instruction, # its lane, 1 a vector of ones.</param>
    /// <param name="Then">An operator for the result.</param>
    /// <param name="Owner">The class of the method; if null, Vector128.</param>
    private readonly record struct Row(Opcode Opcode, Type Lane, string Method, string Order, string? Then = null, Type? Owner = null);

    /// <summary>The methods that the rows call, in an order that is the same in each process.</summary>
    public static IReadOnlyList<MethodInfo> Callees { get; } =
    [
        .. ByOpcode.Values.SelectMany(emission => new[] { emission._method, emission._then }).OfType<MethodInfo>()
            .Concat(Reinterpretations.Values)
            .Where(method => method.GetParameters().Length > 0).Distinct()
            .OrderBy(method => method.ToString(), StringComparer.Ordinal),
    ];

    /// <summary>The arguments of the method, as in a row.</summary>
    public string Order { get; }

    public static bool IsVector(Opcode opcode) => (int)opcode >> 12 == Prefix;

    public static VectorEmission Of(Opcode opcode) => ByOpcode[opcode];

    /// <summary>Whether an argument is a vector of floating-point numbers.</summary>
    public bool TakesFloats(int argument) => LaneOf(_parameters[argument]) is { } lane && (lane == typeof(float) || lane == typeof(double));

    /// <summary>Emits what makes the value on the IL stack an argument of the method.</summary>
    public void EmitConversion(ILGenerator il, int argument)
    {
        var type = _parameters[argument];
        if (type == typeof(byte))
            il.Emit(OpCodes.Conv_U1);
        else if (type == typeof(ushort))
            il.Emit(OpCodes.Conv_U2);
        else if (LaneOf(type) is { } lane)
            EmitReinterpretation(il, typeof(byte), lane);
    }

    /// <summary>Emits an argument that is a vector of ones.</summary>
    public void EmitOnes(ILGenerator il, int argument) =>
        il.Emit(OpCodes.Call, _parameters[argument].GetProperty(nameof(Vector128<byte>.One))!.GetMethod!);

    /// <summary>Emits the call.</summary>
    public void EmitCall(ILGenerator il)
    {
        il.Emit(OpCodes.Call, _method);
        if (_then is not null)
            il.Emit(OpCodes.Call, _then);
        if (LaneOf(_method.ReturnType) is { } lane)
            EmitReinterpretation(il, lane, typeof(byte));
    }

    public static void EmitReinterpretation(ILGenerator il, Type from, Type to)
    {
        if (from != to)
            il.Emit(OpCodes.Call, Reinterpretations[(from, to)]);
    }

    /// <summary>
    /// The method of <see cref="Vector128"/>, or the operator, with so many parameters, of which the first is a vector of such lanes or
    /// such a number; where one takes a vector and another a number, the former.
    /// </summary>
    public static MethodInfo MethodOf(string name, Type lane, int count) => Methods.GetOrAdd((name, lane, count), static key =>
    {
        var isOperator = key.Name.StartsWith("op_", StringComparison.Ordinal);
        return MethodOf(isOperator ? VectorOf(key.Lane) : typeof(Vector128), key.Name, key.Lane, key.Count);
    });

    private static MethodInfo MethodOf(Type owner, string name, Type lane, int count)
    {
        var vector = VectorOf(lane);
        return owner.GetMember(name, MemberTypes.Method, BindingFlags.Static | BindingFlags.Public).Cast<MethodInfo>()
            .Where(method => method.GetGenericArguments().Length <= 1)
            .Select(method => method.IsGenericMethodDefinition ? method.MakeGenericMethod(lane) : method)
            .Select(method => (Method: method, Types: Array.ConvertAll(method.GetParameters(), parameter => parameter.ParameterType)))
            .Where(candidate => candidate.Types.Length == count && (candidate.Types[0] == vector || candidate.Types[0] == lane))
            .MaxBy(candidate => candidate.Types.Count(type => type == vector))
            .Method ?? throw new MissingMethodException(owner.Name, name);
    }

    private static Type VectorOf(Type lane) => typeof(Vector128<>).MakeGenericType(lane);

    private static Type? LaneOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Vector128<>) ? type.GetGenericArguments()[0] : null;

    /// <summary>All are from bytes or to bytes, but for vectors whose low half was loaded.</summary>
    private static FrozenDictionary<(Type From, Type To), MethodInfo> CreateReinterpretations()
    {
        var generic = typeof(Vector128).GetMethods()
            .Single(method => method.Name == nameof(Vector128.As) && method.GetGenericArguments().Length == 2);
        return Lanes.SelectMany(lane => new[] { (typeof(byte), lane), (lane, typeof(byte)), (typeof(ulong), lane) })
            .Distinct()
            .Where(pair => pair.Item1 != pair.Item2)
            .ToFrozenDictionary(pair => pair, pair => generic.MakeGenericMethod(pair.Item1, pair.Item2));
    }

    private static FrozenDictionary<Opcode, VectorEmission> CreateTable()
    {
        var table = new Dictionary<Opcode, VectorEmission>();
        foreach (var method in typeof(VectorOperations).GetMethods(BindingFlags.Static | BindingFlags.Public))
        {
            if (Enum.TryParse<Opcode>(method.Name, out var opcode))
                table[opcode] = new VectorEmission(method, "abc"[..method.GetParameters().Length], null);
        }

        foreach (var row in Rows.Concat(X86Rows).Concat(ArmRows))
            table[row.Opcode] = Create(row);
        foreach (var (relaxed, strict) in Relaxed)
            table.Add(relaxed, table[strict]);
        return table.ToFrozenDictionary();
    }

    private static VectorEmission Create(Row row)
    {
        var count = row.Order.Length;
        var method = row.Owner is null ? MethodOf(row.Method, row.Lane, count) : MethodOf(row.Owner, row.Method, row.Lane, count);
        return new VectorEmission(method, row.Order, row.Then is null ? null : MethodOf(row.Then, row.Lane, 1));
    }
}
