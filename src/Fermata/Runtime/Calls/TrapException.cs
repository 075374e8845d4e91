using Fermata.Runtime;

namespace Fermata;

/// <summary>WebAssembly code trapped: it did what the specification forbids at run time, and its computation was aborted.</summary>
/// <remarks>
/// WebAssembly 3.0, section 4.2.2 "Results". A trap cannot be caught by WebAssembly code; what the code had done to
/// memories, tables and globals before it stays done. The message starts with the wording of the reference interpreter.
/// Catch this type for all traps, or one of the types derived from it for a family of them.
/// </remarks>
public class TrapException : Exception
{
    /// <summary>How many frames of a deep stack are told, of those that are not in the trace of .NET.</summary>
    private const int MostFrames = 1_000;

    /// <summary>What .NET threw where the trap occurred, if that was not the trap itself.</summary>
    private readonly NullReferenceException? _fault;

    private List<WasmFrame>? _leftFrames;
    private IReadOnlyList<WasmFrame> _suspendedFrames = [];

    internal TrapException(TrapKind kind, string? detail = null)
        : base(detail is null ? Wording(kind) : $"{Wording(kind)} {detail}") => Kind = kind;

    private protected TrapException(TrapKind kind, NullReferenceException fault)
        : this(kind) => _fault = fault;

    /// <summary>What happened.</summary>
    public TrapKind Kind { get; }

    /// <summary>
    /// The WebAssembly functions that were active, innermost first; empty where it is not known. Some are missing where calls inside one another had used up the stack of their thread,
    /// and all but the innermost 1,000 where the stack was exhausted, or fuel ran out in the middle of an instruction.
    /// </summary>
    public IReadOnlyList<WasmFrame> WasmStack => [.. WasmTrace.Of(_fault), .. _leftFrames ?? [], .. WasmTrace.Of(this), .. _suspendedFrames];

    /// <summary>The inlined activation that trapped, of the function whose method is innermost (<see cref="InlinedCalls"/>); 0 if that function itself trapped, or it is not known.</summary>
    internal int InlinedActivation { get; private set; }

    /// <inheritdoc/>
    public override string? StackTrace => _fault is null ? base.StackTrace : $"{_fault.StackTrace}{Environment.NewLine}{base.StackTrace}";

    /// <summary>The wording of the trap, and a line for each frame of <see cref="WasmStack"/>; very deep stacks are shortened.</summary>
    public override string Message => base.Message + WasmTrace.Lines(WasmStack);

    /// <summary>Notes the frames that were suspended below the ones that ran.</summary>
    /// <remarks>One trap may end many calls, if they all wait for the task of the call that trapped.</remarks>
    internal void AppendFrames(IReadOnlyList<WasmFrame> frames)
    {
        if (_suspendedFrames.Count < MostFrames)
            _suspendedFrames = [.. _suspendedFrames, .. frames];
    }

    /// <summary>Whether it is on its way by the return path, and no exception to .NET yet.</summary>
    internal bool IsReturning { get; set; }

    /// <summary>Notes a function that the trap leaves by the return path; pieces of functions are left out. What .NET has thrown before has a trace, into which that does not fit.</summary>
    internal void AddFrame(Module module, int function)
    {
        if (!IsReturning)
            return;
        _leftFrames ??= [];
        if (_leftFrames.Count < MostFrames && module.HasFunction(function))
            _leftFrames.Add(module.Describe(function));
    }

    /// <summary>What a call ends with: a fault of a guard page is a trap.</summary>
    internal static Exception Of(Exception exception) =>
        exception is NullReferenceException fault && WasmTrace.BeganInCode(fault) ? new MemoryTrapException(fault) : exception;

    /// <summary>The exception of the type that stands for the kind.</summary>
    internal static TrapException Create(TrapKind kind, string? detail = null, int activation = 0)
    {
        var trap = Create(kind, detail);
        trap.InlinedActivation = activation;
        return trap;
    }

    private static TrapException Create(TrapKind kind, string? detail) => kind switch
    {
        TrapKind.OutOfBoundsMemoryAccess or TrapKind.UnalignedAtomic or TrapKind.ExpectedSharedMemory => new MemoryTrapException(kind, detail),
        TrapKind.OutOfBoundsTableAccess or TrapKind.UndefinedElement or TrapKind.UninitializedElement
            or TrapKind.IndirectCallTypeMismatch => new TableTrapException(kind, detail),
        TrapKind.IntegerDivideByZero or TrapKind.IntegerOverflow
            or TrapKind.InvalidConversionToInteger => new ArithmeticTrapException(kind, detail),
        TrapKind.StackExhausted => new StackExhaustedException(detail),
        TrapKind.Unreachable or TrapKind.OutOfMemory or TrapKind.OutOfFuel or TrapKind.CStackOverflow
            or TrapKind.UnknownImport => new TrapException(kind, detail),
        _ => new ReferenceTrapException(kind, detail),
    };

    /// <summary>The words of the reference interpreter, which the specification's tests compare.</summary>
    internal static string Wording(TrapKind kind) => kind switch
    {
        TrapKind.Unreachable => "unreachable",
        TrapKind.OutOfBoundsMemoryAccess => "out of bounds memory access",
        TrapKind.OutOfBoundsTableAccess => "out of bounds table access",
        TrapKind.IndirectCallTypeMismatch => "indirect call type mismatch",
        TrapKind.UndefinedElement => "undefined element",
        TrapKind.UninitializedElement => "uninitialized element",
        TrapKind.IntegerDivideByZero => "integer divide by zero",
        TrapKind.IntegerOverflow => "integer overflow",
        TrapKind.InvalidConversionToInteger => "invalid conversion to integer",
        TrapKind.StackExhausted => "call stack exhausted",
        TrapKind.NullFunctionReference => "null function reference",
        TrapKind.NullReference => "null reference",
        TrapKind.NullStructureReference => "null structure reference",
        TrapKind.NullArrayReference => "null array reference",
        TrapKind.NullI31Reference => "null i31 reference",
        TrapKind.NullExceptionReference => "null exception reference",
        TrapKind.CastFailure => "cast failure",
        TrapKind.OutOfBoundsArrayAccess => "out of bounds array access",
        TrapKind.OutOfMemory => "out of memory",
        TrapKind.OutOfFuel => "out of fuel",
        TrapKind.CStackOverflow => "C stack overflow",
        TrapKind.UnalignedAtomic => "unaligned atomic",
        TrapKind.ExpectedSharedMemory => "expected shared memory",
        TrapKind.UnknownImport => "unknown import",
        TrapKind.ForeignFunction => "function of another store",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
